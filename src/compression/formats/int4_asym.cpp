// Unsigned 4-bit integers, a zero point and an f16 scale a group.
#include "compression/codec/integer_format.hpp"

namespace ovbake {

extern const WeightFormat int4_asym;
const WeightFormat int4_asym =
    asymmetric_format<element::u4>("int4_asym", WeightFormat::Groups::any, 128);

}  // namespace ovbake
