// Granite: the llama block with four scalars: of embeddings, scores, residuals and logits.
#include "architecture/family.hpp"
#include "architecture/granite_like.hpp"

namespace ovbake::granite {

extern const Family family{.model_types = {"granite"}, .describe = granite_like};

}  // namespace ovbake::granite
