// OCP MXFP4: four-bit floats, and for every 32 of them a power of two.
#include "compression/codec/floating.hpp"
#include "compression/codec/scaled_format.hpp"

namespace ovbake {

extern const WeightFormat mxfp4;
const WeightFormat mxfp4 = scaled_format<element::f4e2m1, element::f8e8m0, ZeroPoints::none>(
    "mxfp4", WeightFormat::Groups::fixed, 32, mx_quantizer<Numbers::e2m1>);

}  // namespace ovbake
