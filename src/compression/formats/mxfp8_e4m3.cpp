// OCP MXFP8: eight-bit floats, and for every 32 of them a power of two.
#include "compression/codec/floating.hpp"
#include "compression/codec/scaled_format.hpp"

namespace ovbake {

extern const WeightFormat mxfp8_e4m3;
const WeightFormat mxfp8_e4m3 = scaled_format<element::f8e4m3, element::f8e8m0, ZeroPoints::none>(
    "mxfp8_e4m3", WeightFormat::Groups::fixed, 32, mx_quantizer<Numbers::e4m3>);

}  // namespace ovbake
