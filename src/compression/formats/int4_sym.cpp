// Signed 4-bit integers and a signed f16 scale a group.
#include "compression/codec/integer.hpp"
#include "compression/codec/scaled_format.hpp"

namespace ovbake {

extern const WeightFormat int4_sym;
const WeightFormat int4_sym =
    scaled_format<element::i4, element::f16, symmetric<4>, symmetric_scalar<4>>(
        "int4_sym", WeightFormat::Groups::any, 128);

}  // namespace ovbake
