// Arcee: the llama block with an MLP that has no gate and a squared ReLU.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::arcee {

extern const Family family{
    .model_types = {"arcee"}, .describe = [](const Config& config) {
      return llama_like(config.with_defaults({{"rms_norm_eps", 1e-5}}),
                        [&](const std::string& name) { return ungated_mlp(config, name); });
    }};

}  // namespace ovbake::arcee
