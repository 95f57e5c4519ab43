// IQuest-Coder: the llama block.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::iquestcoder {

extern const Family family{
    .model_types = {"iquestcoder"}, .describe = [](const Config& config) {
      require_flag(config, "use_sliding_window", false);
      for (const auto key : {"sliding_window", "max_window_layers"}) config.mark_read(key);
      if (config.has("clip_qkv")) {
        throw input_error("{}: clip_qkv {} is not understood; transformers refuses it too.",
                          config.where(), config.number("clip_qkv"));
      }
      return llama_like(config.with_defaults(
          {{"num_key_value_heads", 8}, {"head_dim", 128}, {"rms_norm_eps", 1e-5}}));
    }};

}  // namespace ovbake::iquestcoder
