// What a hub lists of a model: its commit and its files. It is the word of a stranger.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.hpp"

namespace ovbake {

/// A file of a repository.
struct HubFile {
  std::string path;
  std::uint64_t size = 0;
  std::string git_id;    ///< Of a small file: the sha1 of "blob SIZE\0" and its content.
  std::string sha256{};  ///< Of a large file, which git knows as a pointer only; else empty.

  /// The name of its blob: the digest of its content.
  const std::string& etag() const noexcept { return sha256.empty() ? git_id : sha256; }
};

/// The file that an entry describes whose digests stand under `id_key` and `sha256_key`. Throws an
/// input error that begins with `where` for a path that would leave the folder it is put into, or a
/// digest that is none.
HubFile listed_file(std::string_view where, const std::string& path, const Json& entry,
                    const char* id_key, const char* sha256_key);

/// The files of a page of the hub's tree; folders are left out.
std::vector<HubFile> listed_files(std::string_view where, const Json& page);

}  // namespace ovbake
