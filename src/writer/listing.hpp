// What a finished folder holds, for its manifest: read back from the disk, not remembered.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/json.hpp"

namespace ovbake {

struct Listing {
  Json files = Json::array();  ///< {"file", "bytes", "xxh3_128", "sha256"}
  Json links = Json::array();  ///< {"file", "to"}
  std::uint64_t bytes = 0;     ///< Of all files.
};

/// Every regular file and link below `folder`, ordered by name. The file `weights` gets no
/// xxh3_128: its constants have digests of their own. `with_sha256` adds the sha256 of every file.
Listing list_folder(const std::filesystem::path& folder, const std::filesystem::path& weights,
                    bool with_sha256);

}  // namespace ovbake
