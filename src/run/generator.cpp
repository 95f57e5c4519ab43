#include <algorithm>
#include <chrono>
#include <set>

#include <ovbake/ovbake.hpp>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
#include "execution/static_pair.hpp"
#include "run/conversation.hpp"
#include "run/sampler.hpp"
#include "run/text_stream.hpp"
#include "run/tokenizer_ir.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefill = "openvino_model.xml";
constexpr const char* kDecode = "openvino_model_decode.xml";

/// The tokens that end a text: what generation_config.json says, else config.json.
std::set<std::int64_t> read_end_tokens(const fs::path& folder) {
  for (const char* name : {"generation_config.json", "config.json"}) {
    const fs::path file = folder / name;
    if (!is_there(file)) continue;
    const Json config = read_json(file);
    if (!config.is_object()) throw input_error("{} holds no JSON object.", file.string());
    const auto found = config.find("eos_token_id");
    if (found == config.end() || found->is_null()) continue;
    std::set<std::int64_t> tokens;
    for (const Json& token : found->is_array() ? *found : Json::array({*found})) {
      if (!token.is_number_integer()) {
        throw input_error("{}: eos_token_id is neither a token nor a list of tokens.",
                          file.string());
      }
      tokens.insert(token.get<std::int64_t>());
    }
    return tokens;
  }
  return {};
}

/// `output_dir`, once it is seen to hold both graphs and to be as it was baked.
const fs::path& require_baked(const fs::path& output_dir) {
  for (const char* name : {kPrefill, kDecode}) {
    if (is_there(output_dir / name)) continue;
    throw input_error("{} is no folder that a bake made: it holds no {}.", output_dir.string(),
                      name);
  }
  // OpenVINO and its extension take what they are given at its word, and crash where it is wrong.
  verify(output_dir);
  return output_dir;
}

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

class Generator::Implementation {
 public:
  Implementation(const fs::path& output_dir, const GeneratorOptions& options)
      : genai_folder_(require_baked(output_dir) / "genai"),
        end_tokens_(read_end_tokens(genai_folder_)),
        tokenizer_(core_, genai_folder_),
        pair_(core_, output_dir / kPrefill, output_dir / kDecode, options.device,
              options.properties) {}

  GenerateReport generate(std::string_view prompt, const GenerateOptions& options,
                          const TextCallback& on_text) {
    return generate(tokenizer_.encode(prompt, SpecialTokens::add), options, on_text);
  }

  GenerateReport chat(std::span<const Message> messages, const GenerateOptions& options,
                      const TextCallback& on_text) {
    const std::string prompt = write_conversation(genai_folder_, messages);
    return generate(tokenizer_.encode(prompt, SpecialTokens::leave_out), options, on_text);
  }

 private:
  GenerateReport generate(const std::vector<std::int64_t>& tokens, const GenerateOptions& options,
                          const TextCallback& on_text) {
    Sampler sampler(options);
    TextStream stream([this](auto part) { return tokenizer_.decode(part); });
    check(tokens.size(), options);
    GenerateReport report{.prompt_tokens = tokens.size(), .stopped_by = {}};

    const Stopwatch prefill;
    std::int64_t token = sampler.pick(pair_.prefill(tokens));
    report.prefill_seconds = prefill.seconds();

    const Stopwatch decode;
    while (report.stopped_by.empty()) {
      if (end_tokens_.contains(token)) {
        report.stopped_by = "eos";
        break;
      }
      ++report.new_tokens;
      const bool go_on = on_text(stream.push(token));
      report.stopped_by = go_on ? limit(report, options) : "caller";
      if (report.stopped_by.empty()) token = sampler.pick(pair_.next(token));
    }
    report.decode_seconds = decode.seconds();
    on_text(stream.finish());
    return report;
  }

  void check(std::size_t prompt_tokens, const GenerateOptions& options) const {
    if (prompt_tokens == 0) throw usage_error("The prompt has no tokens; give it some text.");
    if (options.max_new_tokens == 0) {
      throw usage_error("max_new_tokens is 0; it must be at least 1.");
    }
    if (prompt_tokens > pair_.prompt_capacity()) {
      throw usage_error(
          "The prompt has {0} tokens and the prefill graph takes {1}; shorten it, or bake the "
          "model "
          "with --max_prompt_len {0} or more.",
          prompt_tokens, pair_.prompt_capacity());
    }
  }

  /// Why no further token can be made; empty where one can.
  std::string_view limit(const GenerateReport& report, const GenerateOptions& options) const {
    if (report.new_tokens == options.max_new_tokens) return "max_new_tokens";
    // The newest token has to be read before there can be another one.
    if (report.prompt_tokens + report.new_tokens > pair_.capacity()) return "capacity";
    return "";
  }

  ov::Core core_;
  std::filesystem::path genai_folder_;
  std::set<std::int64_t> end_tokens_;
  TokenizerIr tokenizer_;
  StaticPair pair_;
};

Generator::Generator(const fs::path& output_dir, const GeneratorOptions& options)
    : implementation_(std::make_unique<Implementation>(output_dir, options)) {}
Generator::~Generator() = default;
Generator::Generator(Generator&&) noexcept = default;
Generator& Generator::operator=(Generator&&) noexcept = default;

GenerateReport Generator::generate(std::string_view prompt, const GenerateOptions& options,
                                   const TextCallback& on_text) {
  return implementation_->generate(prompt, options, on_text);
}

GenerateReport Generator::chat(std::span<const Message> messages, const GenerateOptions& options,
                               const TextCallback& on_text) {
  return implementation_->chat(messages, options, on_text);
}

}  // namespace ovbake
