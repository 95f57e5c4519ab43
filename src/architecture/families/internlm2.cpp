// InternLM 2 and 2.5: the llama block with modules of its own names and one projection for queries,
// keys and values, group by group.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"

namespace ovbake::internlm2 {
namespace {

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t heads = config.count("num_attention_heads");
  const std::int64_t kv_heads = config.count("num_key_value_heads", heads);
  const bool bias = config.flag("bias", true);
  Attention attention = even_heads(config, hidden_size, heads, kv_heads);
  attention.projections = FusedProjection{
      .qkv_proj =
          linear(name + ".wqkv", (heads + 2 * kv_heads) * attention.head_dim, hidden_size, bias),
      .layout = FusedLayout::by_group};
  attention.o_proj = linear(name + ".wo", hidden_size, hidden_size, bias);
  attention.rope = describe_rope(config, attention.head_dim);
  return attention;
}

GatedMlp mlp(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t inner_size = config.size("intermediate_size");
  return {.gate_proj = linear(name + ".w1", inner_size, hidden_size, false),
          .up_proj = linear(name + ".w3", inner_size, hidden_size, false),
          .down_proj = linear(name + ".w2", hidden_size, inner_size, false),
          .hidden_act = activation(config)};
}

Decoder describe_internlm2(const Config& config) {
  const std::int64_t hidden_size = config.size("hidden_size");
  const double eps = config.number("rms_norm_eps", 1e-6);
  return framed(
      config,
      {.hidden_size = hidden_size,
       .num_hidden_layers = config.count("num_hidden_layers"),
       .embed_tokens = "model.tok_embeddings",
       .layers = "model.layers",
       .norm = rms_norm("model.norm", hidden_size, eps),
       .tie_word_embeddings = false,
       .lm_head = "output"},
      [&](const std::string& name) {
        return DecoderLayer{
            .name = name,
            .mixer = Branch<Mixer>{.norm = rms_norm(name + ".attention_norm", hidden_size, eps),
                                   .body = attention(config, name + ".attention", hidden_size)},
            .mlp = Branch<Mlp>{.norm = rms_norm(name + ".ffn_norm", hidden_size, eps),
                               .body = mlp(config, name + ".feed_forward", hidden_size)}};
      });
}

}  // namespace

extern const Family family{.model_types = {"internlm2"}, .describe = describe_internlm2};

}  // namespace ovbake::internlm2
