#include "source/safetensors.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kMaxTensors = 1 << 18;
constexpr std::size_t kMaxRank = 64;

struct Dtype {
  std::string_view name;
  std::uint64_t bits;
};

constexpr auto kDtypes = std::to_array<Dtype>({
    {"BOOL", 8},        {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
    {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
    {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
    {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
    {"I64", 64},        {"U64", 64},
});

/// The number of bytes of the header, which the file's first eight bytes say.
std::uint64_t read_header_bytes(const RandomAccess& file) {
  if (file.size() < kLengthBytes) {
    throw input_error("{} has {} bytes, too few for a safetensors file; download it again.",
                      file.name(), file.size());
  }
  std::array<std::byte, kLengthBytes> bytes;
  file.read(0, bytes);
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  }
  if (length > kMaxHeaderBytes) {
    throw input_error(
        "{} claims a header of {} bytes, where a safetensors file has at most {}; it is damaged or "
        "of "
        "another format.",
        file.name(), length, kMaxHeaderBytes);
  }
  if (length > file.size() - kLengthBytes) {
    throw input_error("{} is truncated: its header of {} bytes does not fit into its {} bytes.",
                      file.name(), length, file.size());
  }
  return length;
}

/// A list of non-negative integers; nothing where `value` is anything else.
std::optional<Shape> to_numbers(const Json& value) {
  if (!value.is_array() || value.size() > kMaxRank) return {};
  Shape numbers;
  for (const Json& number : value) {
    if (!number.is_number_unsigned()) return {};
    numbers.push_back(number.get<std::int64_t>());
    if (numbers.back() < 0) return {};
  }
  return numbers;
}

/// Bytes of a tensor; nothing where they are no whole number or 2^61 and more.
std::optional<std::uint64_t> needed_bytes(const Dtype& dtype, const Shape& shape) {
  std::uint64_t bits = dtype.bits;
  for (const std::int64_t dimension : shape) {
    if (__builtin_mul_overflow(bits, static_cast<std::uint64_t>(dimension), &bits)) return {};
  }
  if (bits % 8 != 0) return {};
  return bits / 8;
}

/// The data of a file: everything behind its header.
struct Data {
  std::uint64_t begin;
  std::uint64_t bytes;
};

/// {"dtype": "BF16", "shape": [576, 1536], "data_offsets": [0, 1769472]}; throws what is wrong with
/// it, without saying where.
StoredTensor to_tensor(std::string&& name, const Json& entry, const Data& data) {
  if (!entry.is_object()) throw input_error("is no object");
  for (const auto& [field, value] : entry.items()) {
    if (field != "dtype" && field != "shape" && field != "data_offsets") {
      throw input_error("has the unknown field {}", quote(field));
    }
  }
  const Json dtype_value = entry.value("dtype", Json());
  const std::string dtype_name =
      dtype_value.is_string() ? dtype_value.get<std::string>() : dtype_value.dump();
  const auto* const dtype = std::ranges::find(kDtypes, dtype_name, &Dtype::name);
  if (dtype == kDtypes.end()) {
    throw input_error("has the dtype {}, which the format does not know", quote(dtype_name));
  }
  const std::optional<Shape> shape = to_numbers(entry.value("shape", Json()));
  if (!shape) throw input_error("has no shape of at most {} non-negative integers", kMaxRank);
  const std::optional<Shape> offsets = to_numbers(entry.value("data_offsets", Json()));
  if (!offsets || offsets->size() != 2 || (*offsets)[0] > (*offsets)[1]) {
    throw input_error("has no data_offsets of two integers [begin, end]");
  }
  const auto begin = static_cast<std::uint64_t>((*offsets)[0]);
  const auto end = static_cast<std::uint64_t>((*offsets)[1]);
  if (end > data.bytes) {
    throw input_error("ends at byte {} of the data, of which the file has {}", end, data.bytes);
  }
  if (needed_bytes(*dtype, *shape) != end - begin) {
    throw input_error("has {} bytes, which is not what dtype {} and shape {} need", end - begin,
                      dtype->name, to_string(*shape));
  }
  return {.name = std::move(name),
          .dtype = dtype_name,
          .shape = *shape,
          .offset = data.begin + begin,
          .bytes = end - begin};
}

void check_metadata(const Json& metadata) {
  if (!metadata.is_object()) throw input_error("is no object");
  for (const auto& [key, value] : metadata.items()) {
    if (!value.is_string()) throw input_error("has no string for {}", quote(key));
  }
}

/// Throws where `tensors`, ordered by offset, leave a gap, overlap or end before the file does.
void check_coverage(const RandomAccess& file, const std::vector<StoredTensor>& tensors,
                    std::uint64_t data_begin) {
  std::uint64_t end = data_begin;
  std::string_view last = "the header";
  for (const StoredTensor& tensor : tensors) {
    if (tensor.offset != end) {
      throw input_error(
          "{} is damaged: tensor {} begins at byte {}, but {} before it ends at byte {}.",
          file.name(), quote(tensor.name), tensor.offset, last, end);
    }
    end += tensor.bytes;
    last = "the tensor";
  }
  if (end != file.size()) {
    throw input_error("{} is damaged: its last tensor ends at byte {}, but the file has {} bytes.",
                      file.name(), end, file.size());
  }
}

}  // namespace

std::vector<StoredTensor> read_safetensors_header(const RandomAccess& file) {
  const std::uint64_t header_bytes = read_header_bytes(file);
  const Data data{kLengthBytes + header_bytes, file.size() - kLengthBytes - header_bytes};

  std::vector<StoredTensor> tensors;
  for_each_member(file, kLengthBytes, header_bytes, [&](std::string&& name, Json&& value) {
    try {
      if (name == "__metadata__") return check_metadata(value);
      if (tensors.size() == kMaxTensors) throw input_error("is one tensor too many");
      tensors.push_back(to_tensor(std::move(name), value, data));
    } catch (const Error& error) {
      throw input_error("{} has a damaged header: {} {}.", file.name(), quote(name), error.what());
    }
  });

  std::ranges::sort(tensors, {}, [](const StoredTensor& tensor) {
    return std::pair(tensor.offset, tensor.bytes);
  });
  check_coverage(file, tensors, data.begin);
  return tensors;
}

}  // namespace ovbake
