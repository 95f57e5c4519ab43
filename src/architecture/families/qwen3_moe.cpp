// Qwen3 with experts: qwen3 whose layers, but for those that config.json lists, are mixtures.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::qwen3_moe {

extern const Family family{
    .model_types = {"qwen3_moe"}, .describe = [](const Config& config) {
      Decoder decoder = llama_like(config);
      norm_heads(decoder, config.number("rms_norm_eps", 1e-6));
      mix_as_qwen(decoder, config.with_defaults({{"num_experts_per_tok", 8}}));
      if (config.flag("use_sliding_window", false)) slide_everywhere(decoder, config);
      for (const auto key : {"sliding_window", "max_window_layers"}) config.mark_read(key);
      return decoder;
    }};

}  // namespace ovbake::qwen3_moe
