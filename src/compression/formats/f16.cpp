// IEEE half precision, not compressed further.
#include "compression/codec/narrow_format.hpp"

namespace ovbake {

extern const WeightFormat f16;
const WeightFormat f16 = narrow_format<element::f16>("f16", narrow_to_f16, narrow_to_f16_scalar);

}  // namespace ovbake
