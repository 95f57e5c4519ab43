// DeciLM and the Nemotrons that were searched like it: the llama block, each layer with as many
// heads of keys and values as config.json says of it, or as block_configs does, where a layer may
// also lack attention or MLP, or have one projection in its place.
#include "architecture/family.hpp"
#include "architecture/layer_kinds.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::deci {
namespace {

void group_heads(DecoderLayer& layer, const Config& config, std::int64_t kv_heads) {
  const Attention& before = layer.self_attn();
  const HeadSizes sizes{.num_attention_heads = before.num_attention_heads,
                        .num_key_value_heads = kv_heads,
                        .head_dim = before.head_dim};
  Attention after = grouped_attention(config, layer.name + ".self_attn", sizes);
  after.rope = before.rope;
  layer.self_attn() = std::move(after);
}

Decoder describe_by_heads(const Config& config) {
  constexpr std::string_view kHeads = "num_key_value_heads_per_layer";
  const std::vector<std::int64_t> kv_heads = config.integers(kHeads);
  Decoder decoder = llama_like(config);
  require_one_each(config, kHeads, kv_heads.size(), decoder.layers.size());
  for (std::size_t i = 0; i < kv_heads.size(); ++i) {
    group_heads(decoder.layers[i], config, kv_heads[i]);
  }
  return decoder;
}

/// What stands in the place of attention or MLP, whatever attention_bias and mlp_bias say.
Linear square(const Config& config, const std::string& name) {
  const std::int64_t hidden_size = config.size("hidden_size");
  return linear(name, hidden_size, hidden_size, false);
}

void set_attention(DecoderLayer& layer, const Config& config, const Config& block) {
  // These two have a meaning with a window only.
  for (const auto key : {"unshifted_sink", "use_prefill_window_in_sink_attention"}) {
    block.mark_read(key);
  }
  const bool is_projection = block.flag("replace_with_linear", false);
  if (block.flag("no_op", false)) {
    layer.mixer.reset();
  } else if (is_projection) {
    layer.mixer->body = square(config, layer.name + ".self_attn.linear_attn");
  } else {
    const std::int64_t group = block.count("n_heads_in_group");
    group_heads(layer, config, layer.self_attn().num_attention_heads / group);
  }
  block.mark_read("n_heads_in_group");
}

/// Two thirds of so many hidden sizes, up to the next multiple of 256.
std::int64_t intermediate_size(const Config& config, double ffn_mult) {
  constexpr std::int64_t kMultiple = 256;
  const auto hidden_size = static_cast<double>(config.size("hidden_size"));
  const double inner = 2 * ffn_mult * hidden_size / 3;
  if (!(inner >= 1 && inner < 0x1p31)) {
    throw input_error("{}: ffn_mult {} is no width of an MLP.", config.where(), ffn_mult);
  }
  return (static_cast<std::int64_t>(inner) + kMultiple - 1) / kMultiple * kMultiple;
}

void set_mlp(DecoderLayer& layer, const Config& config, const Config& block) {
  const bool is_projection = block.flag("replace_with_linear", false);
  if (block.flag("no_op", false)) {
    layer.mlp.reset();
  } else if (!is_projection) {
    const std::int64_t inner = intermediate_size(config, block.number("ffn_mult"));
    layer.mlp->body = gated_mlp(config, layer.name + ".mlp", inner);
  }
  block.mark_read("ffn_mult");
}

Decoder describe_by_blocks(const Config& config) {
  for (const auto key : {"intermediate_size", "num_key_value_heads"}) config.mark_read(key);
  Decoder decoder = llama_like(
      config, [&](const std::string& name) { return square(config, name + ".linear_mlp"); });
  const std::vector<Config> blocks = config.sections("block_configs");
  require_one_each(config, "block_configs", blocks.size(), decoder.layers.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    set_attention(decoder.layers[i], config, blocks[i].section("attention"));
    set_mlp(decoder.layers[i], config, blocks[i].section("ffn"));
  }
  return decoder;
}

}  // namespace

extern const Family family{
    .model_types = {"deci", "nemotron-nas"}, .describe = [](const Config& config) {
      return config.has("block_configs") ? describe_by_blocks(config) : describe_by_heads(config);
    }};

}  // namespace ovbake::deci
