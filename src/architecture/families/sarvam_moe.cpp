// Sarvam 30B: the llama block with one projection for queries, keys and values, an RMS norm on
// every query and key head, and DeepSeek's mixtures behind the first layer.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::sarvam_moe {
namespace {

void fuse_projections(DecoderLayer& layer, std::int64_t hidden_size, bool bias) {
  const std::string name = layer.name + ".attention";
  Attention& attention = layer.self_attn();
  const std::int64_t heads = attention.num_attention_heads + 2 * attention.num_key_value_heads;
  attention.projections = FusedProjection{
      .qkv_proj = linear(name + ".query_key_value", heads * attention.head_dim, hidden_size, bias),
      .layout = FusedLayout::query_key_value};
  attention.o_proj = linear(name + ".dense", hidden_size,
                            attention.num_attention_heads * attention.head_dim, false);
}

QueryKeyNorm head_norms(const DecoderLayer& layer, double eps) {
  const std::string name = layer.name + ".attention.";
  const std::int64_t head_dim = layer.self_attn().head_dim;
  return {.q_norm = rms_norm(name + "query_layernorm", head_dim, eps),
          .k_norm = rms_norm(name + "key_layernorm", head_dim, eps)};
}

}  // namespace

extern const Family family{
    .model_types = {"sarvam_moe"}, .describe = [](const Config& root) {
      const Config config = in_deepseek_words(root).with_defaults({{"num_key_value_heads", 4},
                                                                   {"head_dim", 64},
                                                                   {"rope_theta", 8'000'000.0},
                                                                   {"n_routed_experts", 128},
                                                                   {"num_experts_per_tok", 6},
                                                                   {"moe_intermediate_size", 1024},
                                                                   {"routed_scaling_factor", 2.5},
                                                                   {"first_k_dense_replace", 1}});
      Decoder decoder = llama_like(config);
      decoder.embed_tokens.name = "model.word_embeddings.weight";
      if (config.flag("tie_word_embeddings", false)) decoder.lm_head.weight = decoder.embed_tokens;
      const bool bias = config.flag("use_qkv_bias", config.flag("attention_bias", false));
      const bool normed = config.flag("use_qk_norm", true);
      for (DecoderLayer& layer : decoder.layers) {
        fuse_projections(layer, decoder.hidden_size, bias);
        if (normed)
          layer.self_attn().qk_norm = head_norms(layer, config.number("rms_norm_eps", 1e-6));
      }
      mix_as_listed(decoder, config.integer("first_k_dense_replace"), config,
                    [](const Config& words, const std::string& name) {
                      return sigmoid_mixture(words, name, {.correction_bias = "gate.expert_bias"});
                    });
      ignore_next_token_layers(decoder, config);
      return decoder;
    }};

}  // namespace ovbake::sarvam_moe
