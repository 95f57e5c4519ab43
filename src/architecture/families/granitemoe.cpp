// Granite with experts: granite with a mixture in every layer, whose router takes the softmax of
// the chosen experts alone.
#include "architecture/family.hpp"
#include "architecture/granite_like.hpp"

namespace ovbake::granitemoe {

extern const Family family{.model_types = {"granitemoe"}, .describe = granite_mixtures};

}  // namespace ovbake::granitemoe
