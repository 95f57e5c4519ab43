// Mellum 2: qwen3_moe, some of whose layers see a window and have frequencies of their own.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::mellum {
namespace {

Rope rope(const Config& config, std::int64_t head_dim, std::string_view layer_type) {
  if (config.has("rope_parameters")) return describe_rope(config, head_dim, layer_type);
  return default_rope(config, layer_type == "full_attention" ? 500'000 : 10'000, head_dim,
                      head_dim);
}

}  // namespace

extern const Family family{
    .model_types = {"mellum"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"num_key_value_heads", 4},
                                                {"head_dim", 128},
                                                {"moe_intermediate_size", 896},
                                                {"num_experts_per_tok", 8},
                                                {"norm_topk_prob", true},
                                                {"sliding_window", 1024}});
      for (const auto key :
           {"mtp_layer_types", "mtp_mlp_layer_types", "num_mtp_layers", "num_nextn_predict_layers"})
        config.mark_read(key);
      Decoder decoder = llama_like(config);
      norm_heads(decoder, config.number("rms_norm_eps", 1e-6));
      slide_layers(decoder, config, [](std::int64_t) { return false; });
      rotate_by_type(decoder, config, [&](std::string_view layer_type) {
        return rope(config, config.count("head_dim"), layer_type);
      });
      mix_as_listed(decoder, 0, config, [&](const Config& words, const std::string& name) {
        return softmax_mixture(
            words, name,
            {.experts = words.count("num_local_experts", words.count("num_experts", 64)),
             .intermediate_size = words.size("moe_intermediate_size")});
      });
      decoder.other_parts.push_back("mtp.");
      return decoder;
    }};

}  // namespace ovbake::mellum
