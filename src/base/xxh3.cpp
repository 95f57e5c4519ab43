#include "base/xxh3.hpp"

#include <new>

#include <spdlog/fmt/fmt.h>
#include <xxhash.h>

namespace ovbake {

Xxh3::Xxh3() : state_(XXH3_createState()) {
  if (!state_) throw std::bad_alloc();
  XXH3_128bits_reset(state_.get());
}

Xxh3::~Xxh3() = default;
Xxh3::Xxh3(Xxh3&&) noexcept = default;
Xxh3& Xxh3::operator=(Xxh3&&) noexcept = default;

void Xxh3::Free::operator()(XXH3_state_s* state) const noexcept { XXH3_freeState(state); }

void Xxh3::update(std::span<const std::byte> bytes) {
  XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
}

Digest Xxh3::digest() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

Digest xxh3_of(const RandomAccess& bytes, const ByteRange& range, std::span<std::byte> buffer) {
  Xxh3 hash;
  for_each_piece(bytes, range, buffer, [&](auto piece) { hash.update(piece); });
  return hash.digest();
}

}  // namespace ovbake
