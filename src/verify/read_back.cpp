#include "verify/read_back.hpp"

#include <algorithm>

namespace ovbake {

bool FileRange::inside() const { return bytes <= file.size() && offset <= file.size() - bytes; }

bool is_zero(const FileRange& part, std::span<std::byte> buffer) {
  bool zero = true;
  for_each_piece(part.file, part.range(), buffer, [&](auto piece) {
    zero = zero && std::ranges::all_of(piece, [](std::byte byte) { return byte == std::byte{0}; });
  });
  return zero;
}

}  // namespace ovbake
