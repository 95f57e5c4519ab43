// CodeGen: GPT-J with one projection for queries, values and keys, as four cores once held it.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::codegen {
namespace {

constexpr std::int64_t kCores = 4;

Decoder describe_codegen(const Config& given) {
  const Config config = gpt_keys(given);
  const GptWords words = gpt_words(config);
  if (words.num_heads % kCores != 0) {
    throw input_error("{}: n_head {} is no multiple of {}, as CodeGen's layout needs.",
                      config.where(), words.num_heads, kCores);
  }
  return gptj_like(config, words, [&](const std::string& name) {
    return FusedProjection{
        .qkv_proj = linear(name + ".qkv_proj", 3 * words.hidden_size, words.hidden_size, false),
        .layout = FusedLayout::by_quarter};
  });
}

}  // namespace

extern const Family family{.model_types = {"codegen"}, .describe = describe_codegen};

}  // namespace ovbake::codegen
