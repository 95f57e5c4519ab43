// EXAONE 3 and 3.5: the llama block with modules of its own names.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"

namespace ovbake::exaone {
namespace {

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t heads = config.count("num_attention_heads");
  const std::int64_t kv_heads = config.count("num_key_value_heads", heads);
  Attention attention = even_heads(config, hidden_size, heads, kv_heads);
  const std::int64_t kv_size = kv_heads * attention.head_dim;
  require_integer(config, "head_dim", attention.head_dim);
  attention.projections =
      SeparateProjections{.q_proj = linear(name + ".q_proj", hidden_size, hidden_size, false),
                          .k_proj = linear(name + ".k_proj", kv_size, hidden_size, false),
                          .v_proj = linear(name + ".v_proj", kv_size, hidden_size, false)};
  attention.o_proj = linear(name + ".out_proj", hidden_size, hidden_size, false);
  attention.rope = describe_rope(config, attention.head_dim);
  return attention;
}

GatedMlp mlp(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t inner_size = config.size("intermediate_size", 4 * hidden_size);
  return {.gate_proj = linear(name + ".c_fc_0", inner_size, hidden_size, false),
          .up_proj = linear(name + ".c_fc_1", inner_size, hidden_size, false),
          .down_proj = linear(name + ".c_proj", hidden_size, inner_size, false),
          .hidden_act = activation(config, "activation_function")};
}

/// Also in the words of transformers 5.24.
Decoder describe_exaone(const Config& given) {
  const Config config = given.with_older_keys(
      {{"layer_norm_epsilon", "rms_norm_eps"}, {"activation_function", "hidden_act"}});
  config.mark_read("embed_dropout");
  const std::int64_t hidden_size = config.size("hidden_size");
  const double eps = config.number("layer_norm_epsilon", 1e-6);
  return framed(config,
                {.hidden_size = hidden_size,
                 .num_hidden_layers =
                     config.count(config.has("num_layers") ? "num_layers" : "num_hidden_layers"),
                 .embed_tokens = "transformer.wte",
                 .layers = "transformer.h",
                 .norm = rms_norm("transformer.ln_f", hidden_size, eps),
                 .tie_word_embeddings = true},
                [&](const std::string& name) {
                  return DecoderLayer{
                      .name = name,
                      .mixer = Branch<Mixer>{.norm = rms_norm(name + ".ln_1", hidden_size, eps),
                                             .body = attention(config, name + ".attn.attention",
                                                               hidden_size)},
                      .mlp = Branch<Mlp>{.norm = rms_norm(name + ".ln_2", hidden_size, eps),
                                         .body = mlp(config, name + ".mlp", hidden_size)}};
                });
}

}  // namespace

extern const Family family{.model_types = {"exaone"}, .describe = describe_exaone};

}  // namespace ovbake::exaone
