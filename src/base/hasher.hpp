// Cryptographic digests of bytes that come piece by piece.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st;

namespace ovbake {

class Hasher {
 public:
  static Hasher sha256();
  static Hasher sha1();

  void update(std::span<const std::byte> bytes);
  /// Lower-case hexadecimal digits of everything so far, as `sha256sum` prints them; ends the hash.
  std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };

  explicit Hasher(const void* algorithm);

  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace ovbake
