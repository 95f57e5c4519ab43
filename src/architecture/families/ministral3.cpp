// Ministral 3: Mistral whose queries grow with their position, beyond the length of the first
// training.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::ministral3 {
namespace {

Defaults defaults() {
  return {{"model_type", "ministral3"},
          {"head_dim", 128},
          {"rms_norm_eps", 1e-5},
          {"max_position_embeddings", 262144},
          {"rope_parameters", Defaults{{"rope_type", "yarn"},
                                       {"rope_theta", 1'000'000.0},
                                       {"factor", 16.0},
                                       {"original_max_position_embeddings", 16384},
                                       {"beta_fast", 32.0},
                                       {"beta_slow", 1.0},
                                       {"mscale", 1.0},
                                       {"mscale_all_dim", 1.0},
                                       {"llama_4_scaling_beta", 0.1}}}};
}

}  // namespace

extern const Family family{.model_types = {"ministral3"}, .describe = [](const Config& config) {
                             const Config usual = config.with_defaults(defaults());
                             Decoder decoder = llama_like(usual);
                             const Config rope = usual.section("rope_parameters");
                             rope.mark_read("max_position_embeddings");
                             const SteppedQueryScale scale{
                                 .beta = rope.number("llama_4_scaling_beta"),
                                 .length = rope.size("original_max_position_embeddings")};
                             for (DecoderLayer& layer : decoder.layers)
                               layer.self_attn().query_scale = scale;
                             slide_everywhere(decoder, usual);
                             return decoder;
                           }};

}  // namespace ovbake::ministral3
