// bfloat16, not compressed further.
#include "compression/codec/narrow_format.hpp"

namespace ovbake {

extern const WeightFormat bf16;
const WeightFormat bf16 =
    narrow_format<element::bf16>("bf16", narrow_to_bf16, narrow_to_bf16_scalar);

}  // namespace ovbake
