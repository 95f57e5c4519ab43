// Code World Model: the llama block, where all layers but every fourth see a window.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::cwm {
namespace {

/// The rope of the published model, which transformers takes where config.json has none.
Defaults rope_parameters() {
  return {{"rope_type", "llama3"},   {"rope_theta", 1'000'000.0},
          {"factor", 16.0},          {"low_freq_factor", 1.0},
          {"high_freq_factor", 4.0}, {"original_max_position_embeddings", 8192}};
}

}  // namespace

extern const Family family{
    .model_types = {"cwm"}, .describe = [](const Config& root) {
      Config config = root.with_defaults({{"num_key_value_heads", 8},
                                          {"head_dim", 128},
                                          {"rms_norm_eps", 1e-5},
                                          {"rope_theta", 1'000'000.0},
                                          {"sliding_window", 8192}});
      require_flag(config, "attention_bias", false);
      if (!config.has("rope_parameters") && !config.has("rope_scaling")) {
        config = config.with_defaults({{"rope_parameters", rope_parameters()}});
      }
      Decoder decoder = llama_like(config);
      slide_layers(decoder, config, [](std::int64_t layer) { return layer % 4 != 0; });
      return decoder;
    }};

}  // namespace ovbake::cwm
