#include "writer/listing.hpp"

#include <vector>

#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/sha256.hpp"
#include "base/xxh3.hpp"

namespace ovbake {
Listing list_folder(const std::filesystem::path& folder, const std::filesystem::path& weights,
                    bool with_sha256) {
  Listing listing;
  std::vector<std::byte> buffer(1 << 20);
  for (const auto& [path, type] : entries_below(folder)) {
    const std::filesystem::path full = folder / path;
    if (type == std::filesystem::file_type::symlink) {
      listing.links.push_back({{"file", path.string()}, {"to", link_target(full).string()}});
    } else if (type == std::filesystem::file_type::regular) {
      const File file = File::open(full);
      Json entry{{"file", path.string()}, {"bytes", file.size()}};
      if (path != weights) entry["xxh3_128"] = xxh3_of(file, {0, file.size()}, buffer);
      if (with_sha256) entry["sha256"] = sha256(file);
      listing.files.push_back(std::move(entry));
      listing.bytes += file.size();
    }
  }
  return listing;
}

}  // namespace ovbake
