// Shapes and element types in the words that files use for them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ovbake {

using Shape = std::vector<std::int64_t>;

/// Number of elements; 1 for a scalar. Throws an input error where the product overflows or a
/// dimension is negative.
std::int64_t element_count(const Shape& shape);

/// "[4096, 32, 128]"
std::string to_string(const Shape& shape);

/// An element type of OpenVINO IR: its name there and its width.
struct ElementType {
  std::string_view name;
  int bits;

  friend bool operator==(const ElementType&, const ElementType&) = default;
};

namespace element {
inline constexpr ElementType f32{"f32", 32};
inline constexpr ElementType f16{"f16", 16};
inline constexpr ElementType bf16{"bf16", 16};
inline constexpr ElementType i8{"i8", 8};
inline constexpr ElementType u8{"u8", 8};
inline constexpr ElementType i4{"i4", 4};
inline constexpr ElementType u4{"u4", 4};
inline constexpr ElementType u3{"u3", 3};
inline constexpr ElementType u2{"u2", 2};
inline constexpr ElementType nf4{"nf4", 4};
inline constexpr ElementType f4e2m1{"f4e2m1", 4};
inline constexpr ElementType f8e4m3{"f8e4m3", 8};
inline constexpr ElementType f8e8m0{"f8e8m0", 8};
}  // namespace element

/// Bytes that a constant of this type and shape takes in a .bin file. Throws as element_count does.
/// A last byte that is not full is whole, and so are the three bytes that hold up to eight u3.
std::uint64_t byte_count(ElementType type, const Shape& shape);

}  // namespace ovbake
