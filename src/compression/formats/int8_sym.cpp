// Signed bytes and a signed f16 scale a row.
#include "compression/codec/integer_format.hpp"

namespace ovbake {

extern const WeightFormat int8_sym;
const WeightFormat int8_sym =
    symmetric_format<element::i8>("int8_sym", WeightFormat::Groups::none, -1);

}  // namespace ovbake
