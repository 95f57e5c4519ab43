#include "verify/read_back.hpp"

#include <algorithm>

#include "base/xxh3.hpp"

namespace ovbake {
namespace {

template <typename Use>
void for_each_piece(const FileRange& range, std::span<std::byte> buffer, const Use& use) {
  for (std::uint64_t done = 0; done < range.bytes;) {
    const auto piece = buffer.first(std::min<std::uint64_t>(buffer.size(), range.bytes - done));
    range.file.read(range.offset + done, piece);
    use(std::span<const std::byte>(piece));
    done += piece.size();
  }
}

}  // namespace

bool FileRange::inside() const { return bytes <= file.size() && offset <= file.size() - bytes; }

std::string xxh3_128_of(const FileRange& range, std::span<std::byte> buffer) {
  Xxh3 digest;
  for_each_piece(range, buffer, [&](auto piece) { digest.update(piece); });
  return digest.digest();
}

bool is_zero(const FileRange& range, std::span<std::byte> buffer) {
  bool zero = true;
  for_each_piece(range, buffer, [&](auto piece) {
    zero = zero && std::ranges::all_of(piece, [](std::byte byte) { return byte == std::byte{0}; });
  });
  return zero;
}

}  // namespace ovbake
