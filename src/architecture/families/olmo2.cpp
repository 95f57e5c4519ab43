// OLMo 2: norms behind attention and MLP instead of before them, and an RMS norm over all queries
// and all keys at once.
#include "architecture/family.hpp"
#include "architecture/olmo_like.hpp"

namespace ovbake::olmo2 {

extern const Family family{.model_types = {"olmo2"}, .describe = olmo_like};

}  // namespace ovbake::olmo2
