#include "writer/listing.hpp"

#include <algorithm>
#include <vector>

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "base/xxh3.hpp"

namespace ovbake {
namespace {

Digest digest_of(const File& file) {
  Xxh3 digest;
  for_each_piece(file, [&](std::span<const std::byte> piece) { digest.update(piece); });
  return digest.digest();
}

}  // namespace

Listing list_folder(const std::filesystem::path& folder, const std::filesystem::path& weights,
                    bool with_sha256) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    paths.push_back(entry.path().lexically_relative(folder));
  }
  std::ranges::sort(paths);

  Listing listing;
  for (const std::filesystem::path& path : paths) {
    const std::filesystem::path full = folder / path;
    if (std::filesystem::is_symlink(full)) {
      listing.links.push_back(
          {{"file", path.string()}, {"to", std::filesystem::read_symlink(full).string()}});
    } else if (std::filesystem::is_regular_file(full)) {
      const File file = File::open(full);
      Json entry{{"file", path.string()}, {"bytes", file.size()}};
      if (path != weights) entry["xxh3_128"] = digest_of(file);
      if (with_sha256) entry["sha256"] = sha256(file);
      listing.files.push_back(std::move(entry));
      listing.bytes += file.size();
    }
  }
  return listing;
}

}  // namespace ovbake
