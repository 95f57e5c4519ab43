// Granite: the llama block with four scalars: of embeddings, scores, residuals and logits.
#include "architecture/family.hpp"
#include "architecture/granite_like.hpp"

namespace ovbake {

extern const Family granite{.model_types = {"granite"}, .describe = granite_like};

}  // namespace ovbake
