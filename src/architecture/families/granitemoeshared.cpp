// Granite with experts and a shared MLP: granitemoe, where an MLP beside each mixture sees every
// token.
#include "architecture/family.hpp"
#include "architecture/granite_like.hpp"

namespace ovbake::granitemoeshared {

extern const Family family{.model_types = {"granitemoeshared"},
                           .describe = [](const Config& config) {
                             Decoder decoder = granite_mixtures(config);
                             share_an_mlp(decoder, config);
                             return decoder;
                           }};

}  // namespace ovbake::granitemoeshared
