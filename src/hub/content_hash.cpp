#include "hub/content_hash.hpp"

namespace ovbake {

ContentHash::ContentHash(const HubFile& file)
    : hasher_(file.sha256.empty() ? Hasher::sha1() : Hasher::sha256()), expected_(file.etag()) {
  if (!file.sha256.empty()) return;
  const std::string head = "blob " + std::to_string(file.size) + '\0';
  hasher_.update(std::as_bytes(std::span(head)));
}

}  // namespace ovbake
