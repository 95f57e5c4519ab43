#include "verify/layout.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "base/error.hpp"
#include "reader/element_types.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kMaxPadding = 63;

/// Where a sum leaves 64 bits it is as good as the largest number.
std::uint64_t end_of(const ClaimedConstant& constant) {
  std::uint64_t end = 0;
  return __builtin_add_overflow(constant.offset, constant.bytes, &end) ? UINT64_MAX : end;
}

std::vector<const ClaimedConstant*> by_offset(const Claims& claims) {
  std::vector<const ClaimedConstant*> constants;
  for (const auto& tensor : claims.tensors) {
    for (const auto& constant : tensor.constants) constants.push_back(&constant);
  }
  std::ranges::sort(constants, {}, [](const auto* c) { return std::pair(c->offset, c->bytes); });
  return constants;
}

/// -1 where the shape is not one that a tensor can have.
std::int64_t count_of(const Shape& shape) try {
  return element_count(shape);
} catch (const Error&) {
  return -1;
}

/// The width that a format's name stands for: 4 for "int4_sym", that of the element type for "f32",
/// nothing where the name does not say.
std::optional<int> bits_of_format(std::string_view format) {
  if (const auto* type = find_element_type(format)) return type->type.bits;
  if (!format.starts_with("int")) return {};
  int bits = 0;
  const auto [end, error] = std::from_chars(format.data() + 3, format.data() + format.size(), bits);
  return error == std::errc{} ? std::optional(bits) : std::nullopt;
}

void check_constant(const ClaimedConstant& constant, const Claims& claims, Faults& faults) {
  const IrElementType* type = find_element_type(constant.element_type);
  if (type == nullptr) {
    return faults.add("{}: {} is no element type", constant.name, constant.element_type);
  }
  if (count_of(constant.shape) < 0) {
    return faults.add("{}: {} is no shape", constant.name, to_string(constant.shape));
  }
  if (const auto bytes = byte_count(type->type, constant.shape); bytes != constant.bytes) {
    faults.add("{}: {}{} takes {} bytes and bake.json says {}", constant.name,
               constant.element_type, to_string(constant.shape), bytes, constant.bytes);
  }
  if (end_of(constant) > claims.weights.graph_constants_offset) {
    faults.add("{}: lies at bytes {} to {}, and the weights end at byte {}", constant.name,
               constant.offset, end_of(constant), claims.weights.graph_constants_offset);
  }
}

/// The constant with a code for each element; a codebook's table comes before it. Null where there
/// is none.
const ClaimedConstant* codes_of(const ClaimedTensor& tensor) {
  const auto found = std::ranges::find_if(tensor.constants, [&](const ClaimedConstant& constant) {
    return count_of(constant.shape) == count_of(tensor.shape);
  });
  return found == tensor.constants.end() ? nullptr : &*found;
}

/// Of all matrices of a stack together, if it is one.
std::int64_t columns_of(const Shape& shape) {
  return shape.size() == 3 ? shape.front() * shape.back() : shape.back();
}

/// What comes after the codes holds a value for each group, or row, of them; a zero point may be
/// one for all, and what AWQ multiplies by is one for each column.
void check_groups(const ClaimedTensor& tensor, const ClaimedConstant& codes, Faults& faults) {
  const std::int64_t last = codes.shape.empty() ? 1 : codes.shape.back();
  if (tensor.group_size && *tensor.group_size != -1 && *tensor.group_size != last) {
    faults.add("{}: is said to have groups of {} and has groups of {}", tensor.name,
               *tensor.group_size, last);
  }
  const std::int64_t groups = last == 0 ? 0 : count_of(codes.shape) / last;
  const auto place = static_cast<std::size_t>(&codes - tensor.constants.data());
  for (const ClaimedConstant& constant : std::span(tensor.constants).subspan(place + 1)) {
    const bool for_all = constant.name.ends_with("/zero_point") && constant.shape.empty();
    const bool by_column = constant.name.ends_with("/awq_mul");
    const std::int64_t expected = by_column ? columns_of(tensor.shape) : for_all ? 1 : groups;
    if (count_of(constant.shape) != expected) {
      faults.add("{}: {} does not fit the {} groups of its data", constant.name,
                 to_string(constant.shape), groups);
    }
  }
}

void check_format(const ClaimedTensor& tensor, Faults& faults) {
  const ClaimedConstant* codes = codes_of(tensor);
  if (codes == nullptr) {
    return faults.add("{}: none of its constants has the elements of {}", tensor.name,
                      to_string(tensor.shape));
  }
  const IrElementType* type = find_element_type(codes->element_type);
  if (type == nullptr) return;
  const auto bits = bits_of_format(tensor.format);
  const bool same_name = !find_element_type(tensor.format) || tensor.format == codes->element_type;
  if (!same_name || (bits && *bits != type->type.bits)) {
    faults.add("{}: is said to be {} and its data is {}", tensor.name, tensor.format,
               codes->element_type);
  }
  if (tensor.format.starts_with("int")) check_groups(tensor, *codes, faults);
}

std::uint64_t int4_bytes(const Claims& claims) {
  std::uint64_t bytes = 0;
  for (const auto& tensor : claims.tensors) {
    const ClaimedConstant* codes = codes_of(tensor);
    const auto* type = codes == nullptr ? nullptr : find_element_type(codes->element_type);
    if (type == nullptr || type->type.bits != 4) continue;
    for (const auto& constant : tensor.constants) bytes += constant.bytes;
  }
  return bytes;
}

}  // namespace

void check_layout(const Claims& claims, Faults& faults) {
  std::unordered_set<std::string_view> names;
  for (const auto& tensor : claims.tensors) {
    check_format(tensor, faults);
    for (const auto& constant : tensor.constants) {
      check_constant(constant, claims, faults);
      if (!names.insert(constant.name).second) {
        faults.add("{}: bake.json has it twice", constant.name);
      }
    }
  }
  if (const std::uint64_t bytes = int4_bytes(claims); bytes != claims.weights.int4_bytes) {
    faults.add("{}: {} bytes are of tensors in 4 bits and bake.json says {}",
               claims.weights.file.string(), bytes, claims.weights.int4_bytes);
  }
  const ClaimedConstant* last = nullptr;
  for (const ClaimedConstant* constant : by_offset(claims)) {
    if (last != nullptr && constant->offset < end_of(*last)) {
      faults.add("{}: begins at byte {}, inside {}", constant->name, constant->offset, last->name);
    }
    if (last == nullptr || end_of(*constant) > end_of(*last)) last = constant;
  }
  for (const Padding& gap : padding(claims)) {
    if (gap.bytes > kMaxPadding) {
      faults.add("{}: bytes {} to {} belong to no tensor", claims.weights.file.string(), gap.offset,
                 gap.offset + gap.bytes);
    }
  }
}

std::vector<Padding> padding(const Claims& claims) {
  std::vector<Padding> gaps;
  std::uint64_t covered = 0;
  for (const ClaimedConstant* constant : by_offset(claims)) {
    if (constant->offset > covered) gaps.push_back({covered, constant->offset - covered});
    covered = std::max(covered, end_of(*constant));
  }
  const std::uint64_t end = claims.weights.graph_constants_offset;
  if (end > covered) gaps.push_back({covered, end - covered});
  return gaps;
}

double int4_share(const Claims& claims) {
  const std::uint64_t all = claims.weights.graph_constants_offset;
  return all == 0 ? 0 : static_cast<double>(claims.weights.int4_bytes) / static_cast<double>(all);
}

}  // namespace ovbake
