#include "reader/element_types.hpp"

#include <algorithm>
#include <array>

namespace ovbake {
namespace {

constexpr auto kTypes = std::to_array<IrElementType>({
    {{"f64", 64}, "FP64"},     {{"f32", 32}, "FP32"},     {{"f16", 16}, "FP16"},
    {{"bf16", 16}, "BF16"},    {{"i64", 64}, "I64"},      {{"i32", 32}, "I32"},
    {{"i16", 16}, "I16"},      {{"i8", 8}, "I8"},         {{"i4", 4}, "I4"},
    {{"u64", 64}, "U64"},      {{"u32", 32}, "U32"},      {{"u16", 16}, "U16"},
    {{"u8", 8}, "U8"},         {{"u6", 6}, "U6"},         {{"u4", 4}, "U4"},
    {{"u3", 3}, "U3"},         {{"u2", 2}, "U2"},         {{"u1", 1}, "BIN"},
    {{"boolean", 8}, "BOOL"},  {{"nf4", 4}, "NF4"},       {{"f4e2m1", 4}, "F4E2M1"},
    {{"f8e4m3", 8}, "F8E4M3"}, {{"f8e5m2", 8}, "F8E5M2"}, {{"f8e8m0", 8}, "F8E8M0"},
});

}  // namespace

std::span<const IrElementType> ir_element_types() { return kTypes; }

const IrElementType* find_element_type(std::string_view name) {
  const auto found = std::ranges::find(kTypes, name, [](const auto& t) { return t.type.name; });
  return found == kTypes.end() ? nullptr : &*found;
}

std::string_view element_type_of_port(std::string_view precision) {
  const auto found = std::ranges::find(kTypes, precision, &IrElementType::in_ports);
  return found == kTypes.end() ? precision : found->type.name;
}

}  // namespace ovbake
