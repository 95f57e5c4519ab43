// Whether bytes are the file that the hub lists.
#pragma once

#include <span>

#include "base/hasher.hpp"
#include "hub/listing.hpp"

namespace ovbake {

class ContentHash {
 public:
  explicit ContentHash(const HubFile& file);

  void update(std::span<const std::byte> bytes) { hasher_.update(bytes); }
  /// Whether everything so far is the file; ends the hash.
  bool fits() { return hasher_.hex() == expected_; }

 private:
  Hasher hasher_;
  std::string expected_;
};

}  // namespace ovbake
