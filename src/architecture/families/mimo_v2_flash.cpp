// MiMo-V2-Flash: the llama block on a third of each head, with values of a width of their own,
// where most layers see a window, have twice the key/value heads, and a score for each head that no
// key answers to; DeepSeek's mixtures behind the first layer.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/layer_kinds.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::mimo_v2_flash {
namespace {

/// The layers that have 1 in the list `key` or, where there is no such list, those that `listed`
/// has.
std::vector<bool> marked_layers(const Config& config, std::string_view key,
                                const std::vector<bool>& listed) {
  if (!config.has(key)) return listed;
  const std::vector<std::int64_t> marks = config.integers(key);
  require_one_each(config, key, marks.size(), listed.size());
  std::vector<bool> result;
  for (const std::int64_t mark : marks) result.push_back(mark == 1);
  return result;
}

std::int64_t window_size(const Config& config) {
  config.mark_read("sliding_window");
  config.mark_read("sliding_window_size");
  // Published files count the positions before the query.
  if (config.has("sliding_window_size")) return config.size("sliding_window_size") + 1;
  return config.size("sliding_window", 129);
}

Rope rope(const Config& config, std::string_view layer_type) {
  const std::int64_t head_dim = config.count("head_dim");
  if (config.has("rope_parameters")) return describe_rope(config, head_dim, layer_type);
  const double theta = layer_type == "full_attention" ? config.number("rope_theta", 5'000'000)
                                                      : config.number("swa_rope_theta", 10'000);
  const double rotary_dim = static_cast<double>(head_dim) * config.number("partial_rotary_factor");
  return default_rope(config, theta, static_cast<std::int64_t>(rotary_dim), head_dim);
}

Attention attention(const Config& config, const std::string& name, bool slides) {
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::int64_t kv_heads = config.count("num_key_value_heads");
  const HeadSizes sizes{
      .num_attention_heads = config.count("num_attention_heads"),
      .num_key_value_heads =
          slides ? config.count("swa_num_key_value_heads", 2 * kv_heads) : kv_heads,
      .head_dim = config.count("head_dim")};
  const std::int64_t value_dim = config.count("v_head_dim");
  const bool bias = config.flag("attention_bias", false);
  Attention attention = grouped_attention(config, name, sizes);
  attention.v_head_dim = value_dim;
  separate(attention).v_proj =
      linear(name + ".v_proj", sizes.num_key_value_heads * value_dim, hidden_size, bias);
  attention.o_proj =
      linear(name + ".o_proj", hidden_size, sizes.num_attention_heads * value_dim, false);
  if (slides) {
    attention.window = SlidingWindow{window_size(config)};
    attention.sinks =
        TensorRef{name + ".attention_sink_bias", {sizes.num_attention_heads}, Role::vector};
  }
  return attention;
}

Config with_published_sizes(const Config& root) {
  const Config config =
      root.with_defaults({{"num_key_value_heads", 4},
                          {"head_dim", 192},
                          {"v_head_dim", 128},
                          {"partial_rotary_factor", 0.334},
                          {"attention_value_scale", 0.707},
                          {"n_routed_experts", 256},
                          {"n_shared_experts", 0},
                          {"num_experts_per_tok", 8},
                          {"moe_intermediate_size", 2048},
                          {"rms_norm_eps", root.number("layernorm_epsilon", 1e-5)}});
  require_integer(config, "swa_num_attention_heads", config.count("num_attention_heads"));
  require_integer(config, "swa_head_dim", config.count("head_dim"));
  require_integer(config, "swa_v_head_dim", config.count("v_head_dim"));
  require_flag(config, "add_swa_attention_sink_bias", true);
  require_flag(config.with_defaults({{"add_full_attention_sink_bias", false}}),
               "add_full_attention_sink_bias", false);
  require_text(config, "scoring_func", "sigmoid");
  require_text(config, "topk_method", "noaux_tc");
  config.mark_read("attention_chunk_size");
  return config;
}

Decoder describe_mimo(const Config& root) {
  const Config config = with_published_sizes(root);
  Decoder decoder = llama_like(config.with_defaults({{"rope_theta", 5'000'000.0}}));
  const std::size_t layers = decoder.layers.size();
  const std::vector<bool> slides =
      marked_layers(config, "hybrid_layer_pattern",
                    layers_of_type(config, "sliding_attention", layers,
                                   [](std::int64_t i) { return i != 0 && (i + 1) % 6 != 0; }));
  const std::vector<bool> sparse =
      marked_layers(config, "moe_layer_freq",
                    layers_listed_as(config, "mlp_layer_types", "sparse", layers,
                                     [](std::int64_t i) { return i > 0; }));
  for (std::size_t i = 0; i < layers; ++i) {
    DecoderLayer& layer = decoder.layers[i];
    layer.self_attn() = attention(config, layer.name + ".self_attn", slides[i]);
    // Values are multiplied, which nothing between them and the sum can tell from this.
    layer.mixer->residual.branch = config.number("attention_value_scale", 1);
    if (sparse[i]) layer.mlp->body = sigmoid_mixture(config, layer.name + ".mlp");
  }
  rotate_by_type(decoder, config,
                 [&](std::string_view layer_type) { return rope(config, layer_type); });
  decoder.other_parts.push_back("model.mtp.");
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"mimo_v2_flash"}, .describe = describe_mimo};

}  // namespace ovbake::mimo_v2_flash
