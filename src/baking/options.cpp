#include "baking/options.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "compression/planner.hpp"
#include "compression/recipe.hpp"
#include "weights/stored_names.hpp"

namespace ovbake {
namespace {

/// Far beyond any model's context, and small enough that no product of it overflows.
constexpr std::int64_t kMostPositions = 1 << 24;

/// optimum-intel's _MAX_UNCOMPRESSED_SIZE, in parameters.
constexpr std::int64_t kMostUncompressed = 1'000'000'000;

/// In the order of Graphs.
constexpr auto kGraphsNames =
    std::to_array<std::string_view>({"static_pair", "stateful", "with_past", "without_past"});

/// The type that transformers loads a model in, as a weight format.
std::string loaded_dtype(const Decoder& decoder, const Checkpoint& checkpoint) {
  const StoredTensor* embedding = StoredNames(decoder, checkpoint).find(decoder.embed_tokens.name);
  const std::string stored = embedding == nullptr ? "F32" : embedding->dtype;
  const std::string dtype = cast_dtype(checkpoint.config()).value_or(stored);
  if (dtype == "BF16") return "bf16";
  return dtype == "F16" ? "fp16" : "fp32";
}

/// Sets lengths that were not asked for. Throws a usage error where the static pair would hold more
/// positions than the model has.
void set_lengths(BakeOptions& options, std::optional<std::int64_t> max_positions) {
  std::optional<std::int64_t>& prompt = options.max_prompt_len;
  std::optional<std::int64_t>& response = options.min_response_len;
  const bool is_limited = options.graphs == Graphs::static_pair && max_positions;
  const std::int64_t room = is_limited ? *max_positions : std::numeric_limits<std::int64_t>::max();
  const auto usual = [&](const std::optional<std::int64_t>& other) {
    return std::clamp(other ? room - *other : room / 2, std::int64_t{1}, kUsualLength);
  };
  if (!prompt) prompt = usual(response);
  if (!response) response = usual(prompt);
  if (*response <= room - *prompt) return;
  throw usage_error(
      "--max_prompt_len {} and --min_response_len {} make {} positions, but the model has only {}; "
      "lower one of them.",
      *prompt, *response, *prompt + *response, room);
}

}  // namespace

void validate(const BakeOptions& options) {
  std::vector<std::string> faults;
  const auto demand_positions = [&](std::string_view name, std::optional<std::int64_t> value) {
    if (value && (*value < 1 || *value > kMostPositions)) {
      faults.push_back(fmt::format("--{} must lie in 1…{}, not {}", name, kMostPositions, *value));
    }
  };
  if (options.model.empty()) faults.emplace_back("--model_id is missing");
  demand_positions("max_prompt_len", options.max_prompt_len);
  demand_positions("min_response_len", options.min_response_len);
  for (const auto* patterns : {&options.compression.ignore, &options.ignore_tensors}) {
    for (const std::string& pattern : *patterns) {
      if (is_valid_utf8(pattern)) continue;
      faults.push_back(fmt::format("{} is no UTF-8, as names of tensors are", quote(pattern)));
    }
  }
  if (options.stream && is_there(options.model)) {
    faults.push_back(fmt::format("--stream is for a model's id, and {} is on this machine",
                                 options.model.string()));
  }
  if (is_there(options.model) && !options.output_dir.empty()) {
    const std::filesystem::path model = resolved_path(options.model);
    const std::filesystem::path out = resolved_path(options.output_dir);
    if (lies_within(model, out)) {
      faults.push_back(fmt::format("--model_id {} lies in --output_dir {}, which would replace it",
                                   options.model.string(), options.output_dir.string()));
    } else if (lies_within(out, model)) {
      faults.push_back(fmt::format("--output_dir {} lies in --model_id {}, which is read only",
                                   options.output_dir.string(), options.model.string()));
    }
  }
  if (!faults.empty()) throw usage_error("{}.", fmt::join(faults, "; "));
}

void require_apart(std::span<const std::filesystem::path> sources,
                   const std::filesystem::path& output_dir) {
  const std::filesystem::path out = resolved_path(output_dir);
  for (const std::filesystem::path& source : sources) {
    if (!lies_within(source, out)) continue;
    throw usage_error(
        "{} is read for the model and lies in --output_dir {}, which would be replaced; give "
        "another one.",
        source.string(), output_dir.string());
  }
}

BakeOptions with_defaults(BakeOptions options, const Decoder& decoder,
                          const Checkpoint& checkpoint) {
  set_lengths(options, decoder.max_positions);
  CompressionOptions& compression = options.compression;
  if (!compression.weight_format.empty()) return options;
  std::int64_t parameters = 0;
  for_each_tensor(decoder,
                  [&](const TensorRef& tensor) { parameters += element_count(tensor.shape); });
  const bool large = parameters >= kMostUncompressed;
  compression.weight_format = large ? "int8" : loaded_dtype(decoder, checkpoint);
  if (large) compression.sym = false;
  return options;
}

Json to_json(const BakeOptions& options) {
  const CompressionOptions& compression = options.compression;
  return {{"graphs", kGraphsNames.at(static_cast<std::size_t>(options.graphs))},
          {"weight_format", compression.weight_format},
          {"sym", compression.sym},
          {"group_size", read_recipe(compression).primary_group_size},
          {"ratio", compression.ratio},
          {"group_size_fallback", compression.group_size_fallback},
          {"backup_precision", backup_precision(compression)},
          {"all_layers", compression.all_layers},
          {"awq", compression.awq},
          {"ignore", compression.ignore},
          {"ignore_tensors", options.ignore_tensors},
          {"allow_nonfinite", compression.allow_nonfinite},
          {"ignore_config_keys", options.ignore_config_keys},
          {"max_prompt_len", options.max_prompt_len.value()},
          {"min_response_len", options.min_response_len.value()},
          {"logits", options.last_logits_only ? "last" : "all"},
          {"disable_convert_tokenizer", !options.convert_tokenizer}};
}

}  // namespace ovbake
