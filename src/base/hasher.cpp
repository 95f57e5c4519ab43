#include "base/hasher.hpp"

#include <array>

#include <openssl/evp.h>
#include <spdlog/fmt/fmt.h>

namespace ovbake {

void Hasher::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

Hasher::Hasher(const void* algorithm) : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(context_.get(), static_cast<const EVP_MD*>(algorithm), nullptr);
}

Hasher Hasher::sha256() { return Hasher(EVP_sha256()); }

Hasher Hasher::sha1() { return Hasher(EVP_sha1()); }

void Hasher::update(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string Hasher::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
  return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + size, ""));
}

}  // namespace ovbake
