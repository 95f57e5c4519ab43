// Three-bit integers and a signed f16 scale a group. Stored unsigned, with 4 for zero.
#include "compression/codec/integer_format.hpp"

namespace ovbake {

extern const WeightFormat int3_sym;
const WeightFormat int3_sym =
    symmetric_format<element::u3>("int3_sym", WeightFormat::Groups::any, 128);

}  // namespace ovbake
