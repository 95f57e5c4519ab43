#include "weights/same_values.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/xxh3.hpp"
#include "source/values.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kPieceElements = 256 << 10;

bool is_float(std::string_view dtype) {
  return dtype == "BF16" || dtype == "F16" || dtype == "F32";
}

/// The digest of a tensor's values once they are rounded to `dtype`.
Digest digest_as(const std::string& dtype, const StoredTensor& tensor,
                 const Checkpoint& checkpoint) {
  const ValueRule rule = value_rule(tensor.dtype, dtype);
  const std::uint64_t element_bytes = stored_bits(rule) / 8;
  std::vector<std::byte> stored(kPieceElements * element_bytes);
  std::vector<float> values(kPieceElements);
  Xxh3 hash;
  for (std::uint64_t offset = 0; offset < tensor.bytes; offset += stored.size()) {
    const auto piece =
        std::span(stored).first(std::min<std::uint64_t>(stored.size(), tensor.bytes - offset));
    const auto into = std::span(values).first(piece.size() / element_bytes);
    checkpoint.read(tensor, offset, piece);
    read_values(rule, piece, into);
    hash.update(std::as_bytes(into));
  }
  return hash.digest();
}

bool same_bytes(const StoredTensor& a, const StoredTensor& b, const Checkpoint& checkpoint) {
  std::vector<std::byte> buffer(4 * kPieceElements);
  const auto digest_of = [&](const StoredTensor& tensor) {
    return xxh3_of(checkpoint.file_of(tensor), tensor.range(), buffer);
  };
  const Digest first = digest_of(a);
  return first == digest_of(b);
}

bool rounds_to(const StoredTensor& a, const StoredTensor& b, const Checkpoint& checkpoint) {
  return digest_as(b.dtype, a, checkpoint) == digest_as(b.dtype, b, checkpoint);
}

}  // namespace

bool same_values(const StoredTensor& a, const StoredTensor& b, const Checkpoint& checkpoint) {
  if (!is_float(a.dtype) || !is_float(b.dtype) || a.shape != b.shape) return false;
  if (a.dtype == b.dtype) return same_bytes(a, b, checkpoint);
  return rounds_to(a, b, checkpoint) || rounds_to(b, a, checkpoint);
}

}  // namespace ovbake
