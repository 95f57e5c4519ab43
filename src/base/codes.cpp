#include "base/codes.hpp"

namespace ovbake {
namespace {

bool is_integer(Numbers numbers) {
  return numbers == Numbers::integers || numbers == Numbers::unsigned_integers;
}

/// Whether scales of the type `narrow` keep their values as `wide`.
bool keeps(ElementType wide, ElementType narrow) {
  return wide == narrow || (wide == element::f32 && narrow.bits < wide.bits);
}

}  // namespace

bool Grid::holds(const Grid& other) const {
  const bool wide_enough = is_integer(numbers) ? bits >= other.bits : bits == other.bits;
  return numbers == other.numbers && wide_enough && keeps(scales, other.scales);
}

}  // namespace ovbake
