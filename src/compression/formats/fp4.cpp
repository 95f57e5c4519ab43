// Four-bit floats and an f16 scale a group.
#include "compression/codec/floating.hpp"
#include "compression/codec/scaled_format.hpp"

namespace ovbake {

extern const WeightFormat fp4;
const WeightFormat fp4 = scaled_format<element::f4e2m1, element::f16, ZeroPoints::none>(
    "fp4", WeightFormat::Groups::any, 128, float_quantizer<Numbers::e2m1>);

}  // namespace ovbake
