// XXH3-128 over bytes that arrive in pieces.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "base/random_access.hpp"

struct XXH3_state_s;

namespace ovbake {

/// A digest in its canonical form: 32 lower-case hexadecimal digits, as `xxhsum -H2` prints it.
using Digest = std::string;

class Xxh3 {
 public:
  Xxh3();
  ~Xxh3();
  Xxh3(Xxh3&&) noexcept;
  Xxh3& operator=(Xxh3&&) noexcept;

  void update(std::span<const std::byte> bytes);
  Digest digest() const;

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const noexcept;
  };
  std::unique_ptr<XXH3_state_s, Free> state_;
};

/// The digest of the bytes of `range`, read in pieces of at most the size of `buffer`.
Digest xxh3_of(const RandomAccess& bytes, const ByteRange& range, std::span<std::byte> buffer);

}  // namespace ovbake
