// Hunyuan dense: the llama block with an RMS norm on every query and key head once it is turned.
#include "architecture/family.hpp"
#include "architecture/hunyuan_like.hpp"

namespace ovbake::hunyuan_v1_dense {

extern const Family family{.model_types = {"hunyuan_v1_dense"}, .describe = hunyuan_like};

}  // namespace ovbake::hunyuan_v1_dense
