#include "base/sha256.hpp"

#include "base/hasher.hpp"

namespace ovbake {

std::string sha256(const File& file) {
  Hasher hasher = Hasher::sha256();
  for_each_piece(file, [&](std::span<const std::byte> piece) { hasher.update(piece); });
  return hasher.hex();
}

}  // namespace ovbake
