#include "base/random_access.hpp"

#include <algorithm>

#include "base/stop.hpp"

namespace ovbake {

void for_each_piece(const RandomAccess& bytes, const ByteRange& range, std::span<std::byte> buffer,
                    const std::function<void(std::span<const std::byte>)>& visit) {
  for (std::uint64_t at = range.begin; at < range.end;) {
    check_stop();
    const auto piece = buffer.first(std::min<std::uint64_t>(buffer.size(), range.end - at));
    bytes.read(at, piece);
    visit(piece);
    at += piece.size();
  }
}

}  // namespace ovbake
