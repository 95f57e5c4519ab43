// VaultGemma: Gemma 2 without the norms behind attention and MLP.
#include "architecture/family.hpp"
#include "architecture/gemma_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::vaultgemma {

extern const Family family{
    .model_types = {"vaultgemma"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"num_key_value_heads", 4},
                                                {"head_dim", 256},
                                                {"sliding_window", 4096},
                                                {"attn_logit_softcapping", 50.0},
                                                {"final_logit_softcapping", 30.0}});
      Decoder decoder = gemma_like(config, "hidden_activation");
      for (DecoderLayer& layer : decoder.layers) {
        RmsNorm norm = rms_norm(layer.name + ".pre_feedforward_layernorm", decoder.hidden_size,
                                config.number("rms_norm_eps", 1e-6));
        norm.weight_offset = 1;
        layer.mlp->norm = norm;
      }
      cap_and_slide_as_gemma2(decoder, config);
      return decoder;
    }};

}  // namespace ovbake::vaultgemma
