// GLM-4-9B and GLM-Edge.
#include "architecture/family.hpp"
#include "architecture/glm_like.hpp"

namespace ovbake::glm {

extern const Family family{.model_types = {"glm"}, .describe = glm_like};

}  // namespace ovbake::glm
