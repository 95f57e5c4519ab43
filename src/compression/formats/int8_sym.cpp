// Signed bytes and a signed f16 scale a row.
#include "compression/codec/integer.hpp"
#include "compression/codec/scaled_format.hpp"

namespace ovbake {

extern const WeightFormat int8_sym;
const WeightFormat int8_sym =
    scaled_format<element::i8, element::f16, symmetric<8>, symmetric_scalar<8>>(
        "int8_sym", WeightFormat::Groups::none, -1);

}  // namespace ovbake
