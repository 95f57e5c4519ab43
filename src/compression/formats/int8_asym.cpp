// Unsigned bytes, a zero point and an f16 scale a row.
#include "compression/codec/integer_format.hpp"

namespace ovbake {

extern const WeightFormat int8_asym;
const WeightFormat int8_asym =
    asymmetric_format<element::u8>("int8_asym", WeightFormat::Groups::none, -1);

}  // namespace ovbake
