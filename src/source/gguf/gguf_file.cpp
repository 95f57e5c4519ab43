#include "source/gguf/gguf_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/error.hpp"
#include "source/gguf/ggml_type.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kMaxKeys = 1 << 16;
constexpr std::uint64_t kMaxTensors = 1 << 18;
constexpr std::uint64_t kMaxHeaderBytes = 512 << 20;
constexpr std::uint64_t kMaxNameBytes = 1 << 16;
constexpr std::uint64_t kMaxRank = 4;
constexpr std::uint64_t kMaxAlignment = 1 << 20;
constexpr std::uint64_t kDefaultAlignment = 32;
constexpr std::string_view kAlignmentKey = "general.alignment";

enum ValueType : std::uint32_t {
  kUint8,
  kInt8,
  kUint16,
  kInt16,
  kUint32,
  kInt32,
  kFloat32,
  kBool,
  kString,
  kArray,
  kUint64,
  kInt64,
  kFloat64,
};

/// Reads a file from its front, in pieces.
class Cursor {
 public:
  explicit Cursor(const RandomAccess& file) : file_(file) {}

  std::uint64_t position() const noexcept { return begin_ + at_; }
  const RandomAccess& file() const noexcept { return file_; }

  template <typename Value>
  Value take() {
    Value value;
    need(sizeof(Value));
    std::memcpy(&value, buffer_.data() + at_, sizeof(Value));
    at_ += sizeof(Value);
    return value;
  }

  /// Valid until the next call.
  std::string_view take_text(std::uint64_t most = kMaxHeaderBytes) {
    const auto bytes = take<std::uint64_t>();
    if (bytes > most) {
      throw input_error("{} has a text of {} bytes at byte {}, where at most {} make sense.",
                        file_.name(), bytes, position(), most);
    }
    need(bytes);
    const std::string_view text(reinterpret_cast<const char*>(buffer_.data() + at_), bytes);
    at_ += bytes;
    return text;
  }

  /// Throws where fewer than `count` things of at least `bytes` bytes each can follow.
  void require_room(std::uint64_t count, std::uint64_t bytes) const {
    if (count > (file_.size() - position()) / bytes) throw_truncated();
  }

 private:
  static constexpr std::uint64_t kPiece = 256 << 10;

  [[noreturn]] void throw_truncated() const {
    throw input_error("{} is truncated: its header does not fit into its {} bytes.", file_.name(),
                      file_.size());
  }

  /// Sees to it that so many bytes lie in the buffer.
  void need(std::uint64_t bytes) {
    if (bytes <= buffer_.size() - at_) return;
    if (bytes > file_.size() - position()) throw_truncated();
    if (position() + bytes > kMaxHeaderBytes) {
      throw input_error("{} has a header of more than {} MB, which makes no sense.", file_.name(),
                        kMaxHeaderBytes >> 20);
    }
    begin_ = position();
    at_ = 0;
    buffer_.resize(std::min(std::max(bytes, kPiece), file_.size() - begin_));
    file_.read(begin_, buffer_);
  }

  const RandomAccess& file_;
  std::vector<std::byte> buffer_;
  std::uint64_t begin_ = 0;  ///< Of the buffer, within the file.
  std::size_t at_ = 0;       ///< Within the buffer.
};

double shortest(float value) {
  std::array<char, 32> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  double result = value;
  std::from_chars(digits.data(), written.ptr, result);
  return result;
}

/// A number of 64 bits without a sign that no std::int64_t holds is one that nothing here has.
GgufValue to_value(std::uint64_t number) {
  if (std::in_range<std::int64_t>(number)) return static_cast<std::int64_t>(number);
  return static_cast<double>(number);
}

/// Calls `visit` with a function that takes a scalar of this type off a cursor; returns false where
/// `type` is none.
template <typename Visit>
bool with_scalar(std::uint32_t type, const Visit& visit) {
  const auto integer = [&]<typename Stored>(Stored) {
    visit([](Cursor& cursor) -> std::int64_t { return cursor.take<Stored>(); }, sizeof(Stored));
    return true;
  };
  switch (type) {
    case kUint8:
      return integer(std::uint8_t());
    case kInt8:
      return integer(std::int8_t());
    case kUint16:
      return integer(std::uint16_t());
    case kInt16:
      return integer(std::int16_t());
    case kUint32:
      return integer(std::uint32_t());
    case kInt32:
      return integer(std::int32_t());
    case kInt64:
      return integer(std::int64_t());
    case kUint64:
      visit([](Cursor& cursor) { return to_value(cursor.take<std::uint64_t>()); }, 8);
      return true;
    case kFloat32:
      visit([](Cursor& cursor) { return shortest(cursor.take<float>()); }, 4);
      return true;
    case kFloat64:
      visit([](Cursor& cursor) { return cursor.take<double>(); }, 8);
      return true;
    case kBool:
      visit([](Cursor& cursor) { return cursor.take<std::uint8_t>() != 0; }, 1);
      return true;
    default:
      return false;
  }
}

template <typename Take>
GgufValue take_numbers(Cursor& cursor, std::uint64_t count, const Take& take) {
  using Element = decltype(take(cursor));
  if constexpr (std::is_same_v<Element, double>) {
    std::vector<double> numbers(count);
    for (double& number : numbers) number = take(cursor);
    return numbers;
  } else {
    std::vector<std::int64_t> numbers(count);
    for (std::int64_t& number : numbers) {
      if constexpr (std::is_same_v<Element, GgufValue>) {
        const GgufValue value = take(cursor);
        const auto* integer = std::get_if<std::int64_t>(&value);
        number = integer != nullptr ? *integer : std::numeric_limits<std::int64_t>::max();
      } else {
        number = take(cursor);
      }
    }
    return numbers;
  }
}

GgufValue take_array(Cursor& cursor, std::string_view key) {
  const auto type = cursor.take<std::uint32_t>();
  const auto count = cursor.take<std::uint64_t>();
  if (type == kString) {
    cursor.require_room(count, sizeof(std::uint64_t));
    StringList texts;
    for (std::uint64_t i = 0; i < count; ++i) texts.push(cursor.take_text());
    return texts;
  }
  GgufValue result;
  const bool known = with_scalar(type, [&](const auto& take, std::uint64_t bytes) {
    cursor.require_room(count, bytes);
    result = take_numbers(cursor, count, take);
  });
  if (!known) {
    throw input_error("{} has an array of type {} for {}, which the format does not know.",
                      cursor.file().name(), type, quote(key));
  }
  return result;
}

GgufValue take_value(Cursor& cursor, std::string_view key) {
  const auto type = cursor.take<std::uint32_t>();
  if (type == kString) return std::string(cursor.take_text());
  if (type == kArray) return take_array(cursor, key);
  GgufValue result;
  const bool known =
      with_scalar(type, [&](const auto& take, std::uint64_t) { result = take(cursor); });
  if (!known) {
    throw input_error("{} has a value of type {} for {}, which the format does not know.",
                      cursor.file().name(), type, quote(key));
  }
  return result;
}

/// What stands before metadata and tensors.
struct Counts {
  std::uint64_t tensors, keys;
};

Counts take_counts(Cursor& cursor) {
  const std::string name = cursor.file().name();
  if (cursor.file().size() < 24) {
    throw input_error("{} has {} bytes, too few for a GGUF file; download it again.", name,
                      cursor.file().size());
  }
  const auto magic = cursor.take<std::array<char, 4>>();
  if (std::string_view(magic.data(), magic.size()) != "GGUF") {
    throw input_error("{} is no GGUF file: it begins with {}.", name,
                      quote({magic.data(), magic.size()}));
  }
  const auto version = cursor.take<std::uint32_t>();
  if (version != 2 && version != 3) {
    const bool big_endian = version == 2U << 24 || version == 3U << 24;
    throw input_error("{} is a GGUF file of {}; versions 2 and 3, little-endian, can be read.",
                      name, big_endian ? "big-endian numbers" : fmt::format("version {}", version));
  }
  const auto tensors = cursor.take<std::uint64_t>();
  const auto keys = cursor.take<std::uint64_t>();
  if (tensors > kMaxTensors || keys > kMaxKeys) {
    throw input_error("{} is damaged: it claims {} tensors and {} keys of metadata.", name, tensors,
                      keys);
  }
  return {tensors, keys};
}

GgufMetadata take_metadata(Cursor& cursor, std::uint64_t keys) {
  GgufMetadata metadata(cursor.file().name());
  for (std::uint64_t i = 0; i < keys; ++i) {
    std::string key(cursor.take_text(kMaxNameBytes));
    GgufValue value = take_value(cursor, key);
    if (!metadata.add(key, std::move(value))) {
      throw input_error("{} is damaged: the key {} stands in its metadata twice.", metadata.where(),
                        quote(key));
    }
  }
  return metadata;
}

/// Bytes of a tensor; nothing where its rows are no whole blocks, or where they are 2^61 and more.
std::optional<std::uint64_t> needed_bytes(const GgmlType& type, const Shape& shape) {
  const std::int64_t columns = shape.empty() ? 1 : shape.back();
  if (columns % type.elements != 0) return {};
  std::uint64_t bytes = static_cast<std::uint64_t>(columns) / type.elements;
  if (__builtin_mul_overflow(bytes, std::uint64_t{type.bytes}, &bytes)) return {};
  for (std::size_t i = 0; i + 1 < shape.size(); ++i) {
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(shape[i]), &bytes)) return {};
  }
  if (bytes >> 61 != 0) return {};
  return bytes;
}

/// Its offset is left as it stands: from the beginning of the data.
StoredTensor take_tensor(Cursor& cursor) {
  StoredTensor tensor{.name = std::string(cursor.take_text(kMaxNameBytes))};
  const auto refuse = [&](std::string_view fault) {
    return input_error("{} has a damaged header: tensor {} {}.", cursor.file().name(),
                       quote(tensor.name), fault);
  };
  const auto rank = cursor.take<std::uint32_t>();
  if (rank > kMaxRank) throw refuse(fmt::format("has {} dimensions", rank));
  for (std::uint32_t i = 0; i < rank; ++i) {
    const auto dimension = cursor.take<std::uint64_t>();
    if (dimension == 0 || dimension >> 40 != 0) {
      throw refuse(fmt::format("has {} for a dimension", dimension));
    }
    tensor.shape.insert(tensor.shape.begin(), static_cast<std::int64_t>(dimension));
  }
  const auto id = cursor.take<std::uint32_t>();
  const GgmlType* type = find_ggml_type(id);
  if (type == nullptr) throw refuse(fmt::format("has the type {}, which is not known", id));
  const std::optional<std::uint64_t> bytes = needed_bytes(*type, tensor.shape);
  if (!bytes) {
    throw refuse(
        fmt::format("has the shape {}, which {} cannot have", to_string(tensor.shape), type->name));
  }
  tensor.dtype = type->name;
  if (type->unpack != nullptr) tensor.blocks = type;
  tensor.bytes = *bytes;
  tensor.offset = cursor.take<std::uint64_t>();
  return tensor;
}

std::uint64_t alignment_of(const GgufMetadata& metadata) {
  const std::int64_t alignment =
      metadata.integer(kAlignmentKey, static_cast<std::int64_t>(kDefaultAlignment));
  const auto value = static_cast<std::uint64_t>(alignment);
  if (alignment < 8 || value > kMaxAlignment || !std::has_single_bit(value)) {
    throw input_error("{} is damaged: {} is {}, which is no power of two from 8 to {}.",
                      metadata.where(), kAlignmentKey, alignment, kMaxAlignment);
  }
  return value;
}

std::uint64_t aligned(std::uint64_t offset, std::uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

/// Makes offsets those within the file. Throws where tensors, ordered by them, leave a gap, overlap
/// or end behind the file.
void place(std::vector<StoredTensor>& tensors, const RandomAccess& file, std::uint64_t data_begin,
           std::uint64_t alignment) {
  std::uint64_t expected = 0;
  for (StoredTensor& tensor : tensors) {
    if (tensor.offset != expected) {
      throw input_error("{} is damaged: tensor {} begins at byte {} of the data, not at {}.",
                        file.name(), quote(tensor.name), tensor.offset, expected);
    }
    tensor.offset += data_begin;
    if (tensor.offset > file.size() || tensor.bytes > file.size() - tensor.offset) {
      throw input_error("{} is truncated: it ends at byte {}, within tensor {} or before it.",
                        file.name(), file.size(), quote(tensor.name));
    }
    expected = aligned(expected + tensor.bytes, alignment);
  }
}

}  // namespace

GgufFile read_gguf_header(const RandomAccess& file) {
  Cursor cursor(file);
  const Counts counts = take_counts(cursor);
  GgufFile result{.metadata = take_metadata(cursor, counts.keys), .tensors = {}};
  std::unordered_set<std::string> names;
  for (std::uint64_t i = 0; i < counts.tensors; ++i) {
    StoredTensor& tensor = result.tensors.emplace_back(take_tensor(cursor));
    if (!names.insert(tensor.name).second) {
      throw input_error("{} is damaged: it has tensor {} twice.", file.name(), quote(tensor.name));
    }
  }
  const std::uint64_t alignment = alignment_of(result.metadata);
  std::ranges::sort(result.tensors, {}, [](const StoredTensor& tensor) {
    return std::pair(tensor.offset, tensor.bytes);
  });
  place(result.tensors, file, aligned(cursor.position(), alignment), alignment);
  return result;
}

}  // namespace ovbake
