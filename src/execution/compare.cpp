#include "execution/compare.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "execution/dynamic_graph.hpp"
#include "execution/likeliest.hpp"
#include "execution/static_pair.hpp"

namespace ovbake {
namespace {

constexpr std::size_t kTokens = 64;
constexpr std::size_t kShortPrompt = 16;

/// What makes the CPU compute in f32 throughout.
const Properties kExact{{"INFERENCE_PRECISION_HINT", "f32"},
                        {"KV_CACHE_PRECISION", "f32"},
                        {"DYNAMIC_QUANTIZATION_GROUP_SIZE", "0"}};

struct Prompt {
  std::string name;
  std::vector<std::int64_t> tokens;
};

struct Continuation {
  std::vector<std::int64_t> tokens;
  std::vector<float> margins;  ///< By how much each token's logit exceeds the second largest.
};

/// Tokens from all over the vocabulary, the same on every machine.
Prompt make_prompt(std::string name, std::size_t length, std::size_t vocabulary) {
  Prompt prompt{std::move(name), {}};
  for (std::size_t i = 0; i < length; ++i) {
    prompt.tokens.push_back(static_cast<std::int64_t>((i + 1) * 2'654'435'761U % vocabulary));
  }
  return prompt;
}

std::int64_t take_likeliest(std::span<const float> logits, Continuation& continuation) {
  const std::int64_t token = likeliest(logits);
  const auto at = static_cast<std::size_t>(token);
  float second = -std::numeric_limits<float>::infinity();
  for (const auto others : {logits.first(at), logits.subspan(at + 1)}) {
    for (const float logit : others) second = std::max(second, logit);
  }
  continuation.tokens.push_back(token);
  continuation.margins.push_back(logits[at] - second);
  return token;
}

/// `Graph` is StaticPair or DynamicGraph.
template <typename Graph>
Continuation continue_greedily(Graph& graph, const Prompt& prompt, std::size_t count) {
  Continuation continuation;
  std::int64_t token = take_likeliest(graph.prefill(prompt.tokens), continuation);
  while (continuation.tokens.size() < count)
    token = take_likeliest(graph.next(token), continuation);
  return continuation;
}

std::optional<std::string> difference(const Prompt& prompt, const Continuation& pair,
                                      const Continuation& dynamic) {
  const auto [ours, theirs] = std::ranges::mismatch(pair.tokens, dynamic.tokens);
  if (ours == pair.tokens.end()) return {};
  const auto at = static_cast<std::size_t>(ours - pair.tokens.begin());
  return fmt::format(
      "after {} the pair's token {} is {} and the dynamic graph's is {}, whose logit is {} above "
      "its "
      "next one",
      prompt.name, at + 1, *ours, *theirs, dynamic.margins[at]);
}

}  // namespace

std::uint64_t comparison_bytes(const GraphFiles& files) {
  const std::filesystem::path bin = std::filesystem::path(files.prefill).replace_extension(".bin");
  return 3 * file_bytes(bin) + (1ULL << 30);
}

std::vector<std::string> compare_graphs(const GraphFiles& files,
                                        const std::function<void(std::string_view)>& step) {
  ov::Core core;
  step("compiling the static pair");
  std::vector<Prompt> prompts;
  std::vector<Continuation> of_pair;
  {
    StaticPair pair(core, files.prefill, files.decode, "CPU", kExact);
    const std::size_t vocabulary = pair.prefill(std::vector<std::int64_t>{0}).size();
    const std::size_t full = pair.prompt_capacity();
    prompts = {make_prompt("a prompt of full length", full, vocabulary),
               make_prompt("a short prompt", std::min(kShortPrompt, full), vocabulary),
               make_prompt("a prompt of one token", 1, vocabulary)};
    for (const Prompt& prompt : prompts) {
      step(fmt::format("the static pair: {}", prompt.name));
      const std::size_t room = pair.capacity() - prompt.tokens.size() + 1;
      of_pair.push_back(continue_greedily(pair, prompt, std::min(kTokens, room)));
    }
  }
  step("compiling the dynamic graph");
  DynamicGraph dynamic(core, files.dynamic, "CPU", kExact);
  std::vector<std::string> differences;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    step(fmt::format("the dynamic graph: {}", prompts[i].name));
    const auto tokens = continue_greedily(dynamic, prompts[i], of_pair[i].tokens.size());
    if (const auto found = difference(prompts[i], of_pair[i], tokens))
      differences.push_back(*found);
  }
  return differences;
}

}  // namespace ovbake
