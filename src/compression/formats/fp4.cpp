// Four-bit floats and an f16 scale a group.
#include "compression/codec/floating.hpp"
#include "compression/codec/scaled_format.hpp"

namespace ovbake {

extern const WeightFormat fp4;
const WeightFormat fp4 =
    scaled_format<element::f4e2m1, element::f16, float_kernel<FloatCode::e2m1>,
                  float_kernel_scalar<FloatCode::e2m1>>("fp4", WeightFormat::Groups::any, 128);

}  // namespace ovbake
