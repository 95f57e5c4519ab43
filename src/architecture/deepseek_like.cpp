#include "architecture/deepseek_like.hpp"

#include <cmath>

#include "architecture/family.hpp"
#include "architecture/latent_attention.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"

namespace ovbake {
namespace {

/// The square of yarn's mscale.
double score_factor(const Config& config) {
  for (const std::string_view key : kRopeSections) {
    if (!config.has(key)) continue;
    const Config rope = config.section(key);
    const double weight = rope.number("mscale_all_dim", 0);
    const double factor = rope.number("factor", 1);
    if (weight == 0 || factor <= 1) return 1;
    const double mscale = 0.1 * weight * std::log(factor) + 1;
    return mscale * mscale;
  }
  return 1;
}

}  // namespace

Decoder deepseek_like(const Config& config) {
  const bool interleaved = config.flag("rope_interleave", true);
  require_integer(config, "moe_layer_freq", 1);
  require_integer(config, "num_key_value_heads", config.count("num_attention_heads"));
  for (const auto key : {"qk_head_dim", "ep_size", "aux_loss_alpha", "seq_aux"}) {
    config.mark_read(key);
  }
  const std::int64_t turned = config.count("qk_rope_head_dim");
  const Config words = config.with_defaults({{"head_dim", turned}});
  Decoder decoder = llama_like(words);
  Rope rope = describe_rope(config, turned);
  rope.layout = interleaved ? RopeLayout::interleaved : RopeLayout::halves;
  const double factor = score_factor(config);
  for (DecoderLayer& layer : decoder.layers) {
    layer.self_attn() = latent_attention(words, layer.name + ".self_attn", rope);
    layer.self_attn().scaling *= factor;
  }
  return decoder;
}

void stay_within_the_index(Decoder& decoder, const Config& config) {
  for (const auto key : {"index_head_dim", "index_n_heads", "index_topk_freq", "index_topk_pattern",
                         "index_skip_topk_offset", "index_share_for_mtp_iteration",
                         "indexer_rope_interleave", "indexer_types", "layer_types"})
    config.mark_read(key);
  decoder.dense_positions = config.size("index_topk", 2048);
  for (const DecoderLayer& layer : decoder.layers)
    decoder.other_parts.push_back(layer.name + ".self_attn.indexer");
}

}  // namespace ovbake
