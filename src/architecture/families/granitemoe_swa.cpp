// Granite with windows and experts: granitemoeshared, most of whose layers see a window, with a
// score for each head that no key answers to.
#include "architecture/family.hpp"
#include "architecture/granite_like.hpp"

namespace ovbake::granitemoe_swa {

extern const Family family{.model_types = {"granitemoe_swa"}, .describe = [](const Config& config) {
                             Decoder decoder = granite_mixtures(config);
                             share_an_mlp(decoder, config);
                             slide_beside_sinks(decoder, config);
                             return decoder;
                           }};

}  // namespace ovbake::granitemoe_swa
