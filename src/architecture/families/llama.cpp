// Llama 2, 3, 3.1, 3.2 and everything that was trained in their shape (TinyLlama, SmolLM2, …);
// InternLM 1, which is Llama with biases in attention and words of its own.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::llama {
namespace {

constexpr std::string_view kInternLm = "internlm";

/// "rotary" has the base and the type, whose "dynamic" is Llama's with a factor of 1.
Config llama_keys(const Config& config) {
  Defaults defaults{{"attention_bias", true}};
  if (config.has("rotary")) {
    const Config rotary = config.section("rotary");
    defaults.push_back({"rope_theta", rotary.number("base", 10000)});
    if (rotary.text("type", "origin") == "dynamic") {
      defaults.push_back(
          {"rope_scaling",
           Defaults{{"type", "dynamic"}, {"factor", rotary.number("scaling_factor", 1)}}});
    } else {
      require_text(rotary, "type", "origin");
    }
  }
  return config.with_older_keys({{"attention_bias", "bias"}}).with_defaults(defaults);
}

}  // namespace

extern const Family family{
    .model_types = {"llama"}, .older_types = {kInternLm}, .describe = [](const Config& config) {
      const bool is_internlm = config.text("model_type") == kInternLm;
      return llama_like(is_internlm ? llama_keys(config) : config);
    }};

}  // namespace ovbake::llama
