// MPT: ALiBi, LayerNorms without bias, no biases at all; what projections yield may be cut off.
#include "architecture/alibi.hpp"
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::mpt {
namespace {

constexpr std::int64_t kExpansionRatio = 4;
constexpr std::int64_t kAlibiBiasMax = 8;

/// Other values change what mosaicml's own code computes, and transformers has no code for them.
void refuse_other_switches(const Config& config, const Config& attn_config) {
  require_flag(config, "no_bias", true);
  require_flag(attn_config, "alibi", true);
  require_flag(attn_config, "prefix_lm", false);
  require_flag(attn_config, "qk_ln", false);
  require_flag(attn_config, "attn_uses_sequence_id", false);
  require_integer(config, "expansion_ratio", kExpansionRatio);
  require_integer(attn_config, "alibi_bias_max", kAlibiBiasMax);
  require_text(config, "norm_type", "low_precision_layernorm");
  require_text(attn_config, "attn_type", "multihead_attention");
  for (const auto key : {"embedding_fraction", "init_config", "init_device", "learned_pos_emb",
                         "max_seq_len", "tokenizer_name", "verbose"}) {
    config.mark_read(key);
  }
  for (const auto key : {"attn_impl", "attn_pdrop", "model_type"}) attn_config.mark_read(key);
}

Attention attention(const Config& config, const Config& attn_config, const std::string& name,
                    std::int64_t hidden_size) {
  const std::int64_t heads = config.count("n_heads");
  Attention attention = even_heads(config, hidden_size, heads, heads);
  attention.scaling = attn_config.number("softmax_scale", attention.scaling);
  attention.projections =
      FusedProjection{.qkv_proj = linear(name + ".Wqkv", 3 * hidden_size, hidden_size, false),
                      .layout = FusedLayout::query_key_value};
  if (attn_config.number("clip_qkv", 0) != 0) attention.clip_qkv = attn_config.number("clip_qkv");
  attention.o_proj = linear(name + ".out_proj", hidden_size, hidden_size, false);
  attention.position_bias = alibi(heads);
  return attention;
}

Decoder describe_mpt(const Config& config) {
  const Config attn_config = config.section("attn_config");
  refuse_other_switches(config, attn_config);
  const std::int64_t hidden_size = config.size("d_model");
  const double eps = config.number("layer_norm_epsilon", 1e-5);
  return framed(
      config,
      {.hidden_size = hidden_size,
       .num_hidden_layers = config.count("n_layers"),
       .embed_tokens = "transformer.wte",
       .layers = "transformer.blocks",
       .norm = layer_norm("transformer.norm_f", hidden_size, eps, false),
       .tie_word_embeddings = true},
      [&](const std::string& name) {
        return DecoderLayer{
            .name = name,
            .mixer =
                Branch<Mixer>{.norm = layer_norm(name + ".norm_1", hidden_size, eps, false),
                              .body = attention(config, attn_config, name + ".attn", hidden_size)},
            .mlp = Branch<Mlp>{
                .norm = layer_norm(name + ".norm_2", hidden_size, eps, false),
                .body = plain_mlp({.up = name + ".ffn.up_proj", .down = name + ".ffn.down_proj"},
                                  hidden_size, kExpansionRatio * hidden_size, false,
                                  Activation::gelu)}};
      });
}

}  // namespace

extern const Family family{.model_types = {"mpt"}, .describe = describe_mpt};

}  // namespace ovbake::mpt
