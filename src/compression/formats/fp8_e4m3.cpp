// Eight-bit floats and an f16 scale a group.
#include "compression/codec/floating.hpp"
#include "compression/codec/scaled_format.hpp"

namespace ovbake {

extern const WeightFormat fp8_e4m3;
const WeightFormat fp8_e4m3 = scaled_format<element::f8e4m3, element::f16, ZeroPoints::none>(
    "fp8_e4m3", WeightFormat::Groups::any, 128, float_quantizer<Numbers::e4m3>);

}  // namespace ovbake
