#include "writer/listing.hpp"

#include <algorithm>
#include <vector>

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "base/xxh3.hpp"

namespace ovbake {
Listing list_folder(const std::filesystem::path& folder, const std::filesystem::path& weights,
                    bool with_sha256) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    paths.push_back(entry.path().lexically_relative(folder));
  }
  std::ranges::sort(paths);

  Listing listing;
  std::vector<std::byte> buffer(1 << 20);
  for (const std::filesystem::path& path : paths) {
    const std::filesystem::path full = folder / path;
    if (std::filesystem::is_symlink(full)) {
      listing.links.push_back(
          {{"file", path.string()}, {"to", std::filesystem::read_symlink(full).string()}});
    } else if (std::filesystem::is_regular_file(full)) {
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
