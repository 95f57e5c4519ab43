// OLMo 2: norms behind attention and MLP instead of before them, and an RMS norm over all queries
// and all keys at once.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake {

extern const Family olmo2{
    .model_types = {"olmo2"}, .describe = [](const Config& config) {
      Decoder decoder = llama_like(config);
      const double eps = config.number("rms_norm_eps", 1e-5);
      for (DecoderLayer& layer : decoder.layers) {
        layer.attention_norm.reset();
        layer.attention_output_norm = std::exchange(layer.mlp_norm, std::nullopt);
        layer.mlp_output_norm =
            rms_norm(layer.name + ".post_feedforward_layernorm", decoder.hidden_size, eps);

        Attention& attention = layer.self_attn;
        const std::string name = layer.name + ".self_attn";
        attention.qk_norm = {
            .q_norm = rms_norm(name + ".q_norm", separate(attention).q_proj.out_features(), eps),
            .k_norm = rms_norm(name + ".k_norm", separate(attention).k_proj.out_features(), eps),
            .scope = QueryKeyNorm::Scope::projection};
      }
      return decoder;
    }};

}  // namespace ovbake
