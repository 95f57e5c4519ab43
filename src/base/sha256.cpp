#include "base/sha256.hpp"

#include <array>
#include <memory>

#include <openssl/evp.h>
#include <spdlog/fmt/fmt.h>

namespace ovbake {

std::string sha256(const File& file) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for_each_piece(file, [&](std::span<const std::byte> piece) {
    EVP_DigestUpdate(context.get(), piece.data(), piece.size());
  });
  std::array<unsigned char, 32> digest;
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace ovbake
