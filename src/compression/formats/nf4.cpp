// Sixteen quantiles of the normal distribution and an f16 scale a group.
#include "compression/codec/floating.hpp"
#include "compression/codec/scaled_format.hpp"

namespace ovbake {

extern const WeightFormat nf4;
const WeightFormat nf4 = scaled_format<element::nf4, element::f16, ZeroPoints::none>(
    "nf4", WeightFormat::Groups::any, 128, float_quantizer<Numbers::nf4>);

}  // namespace ovbake
