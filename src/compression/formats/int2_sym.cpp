// Two-bit integers and a signed f16 scale a group. Stored unsigned, with 2 for zero.
#include "compression/codec/integer_format.hpp"

namespace ovbake {

extern const WeightFormat int2_sym;
const WeightFormat int2_sym =
    symmetric_format<element::u2>("int2_sym", WeightFormat::Groups::any, 128);

}  // namespace ovbake
