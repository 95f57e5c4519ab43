// GLM-4-0414: GLM with norms also behind attention and MLP.
#include "architecture/family.hpp"
#include "architecture/glm_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::glm4 {

extern const Family family{
    .model_types = {"glm4"}, .describe = [](const Config& config) {
      Decoder decoder = glm_like(config);
      const double eps = config.number("rms_norm_eps", kGlmEps);
      for (DecoderLayer& layer : decoder.layers) {
        layer.mixer->output_norm =
            rms_norm(layer.name + ".post_self_attn_layernorm", decoder.hidden_size, eps);
        layer.mlp->output_norm =
            rms_norm(layer.name + ".post_mlp_layernorm", decoder.hidden_size, eps);
      }
      return decoder;
    }};

}  // namespace ovbake::glm4
