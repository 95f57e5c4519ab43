// GPT-J: attention and MLP side by side behind one LayerNorm, interleaved rotary pairs on a part of
// the head, and a bias on the head.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::gptj {
namespace {

Decoder describe_gptj(const Config& given) {
  const Config config = gpt_keys(given);
  require_flag(config, "rotary", true);
  const GptWords words = gpt_words(config);
  return gptj_like(config, words, [&](const std::string& name) {
    const auto square = [&](const std::string& module) {
      return linear(name + module, words.hidden_size, words.hidden_size, false);
    };
    return SeparateProjections{
        .q_proj = square(".q_proj"), .k_proj = square(".k_proj"), .v_proj = square(".v_proj")};
  });
}

}  // namespace

extern const Family family{.model_types = {"gptj"}, .describe = describe_gptj};

}  // namespace ovbake::gptj
