#include "base/shape.hpp"

#include "base/error.hpp"

namespace ovbake {

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t dimension : shape) {
    if (dimension < 0 || __builtin_mul_overflow(count, dimension, &count)) {
      throw input_error("The shape {} is not one that a tensor can have.", to_string(shape));
    }
  }
  return count;
}

std::string to_string(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

std::uint64_t byte_count(ElementType type, const Shape& shape) {
  const auto elements = static_cast<std::uint64_t>(element_count(shape));
  const auto bits = static_cast<std::uint64_t>(type.bits);
  std::uint64_t bytes;
  if (__builtin_mul_overflow(elements / 8, bits, &bytes)) {
    throw input_error("The shape {} of {} is not one that a tensor can have.", to_string(shape),
                      type.name);
  }
  const std::uint64_t rest = elements % 8;
  if (type == element::u3) return bytes + (rest == 0 ? 0 : bits);
  return bytes + (rest * bits + 7) / 8;
}

}  // namespace ovbake
