// Signed 4-bit integers and a signed f16 scale a group.
#include "compression/codec/integer_format.hpp"

namespace ovbake {

extern const WeightFormat int4_sym;
const WeightFormat int4_sym =
    symmetric_format<element::i4>("int4_sym", WeightFormat::Groups::any, 128);

}  // namespace ovbake
