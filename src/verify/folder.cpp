#include "verify/folder.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include "base/error.hpp"
#include "base/folder.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

using Entries = std::map<fs::path, fs::file_type>;

void check_link(const fs::path& output_dir, const ClaimedLink& link, const Entries& entries,
                Faults& faults) {
  const auto found = entries.find(link.file);
  if (found == entries.end()) {
    return faults.add("{}: the link to {} is missing", link.file.string(), link.to.string());
  }
  if (found->second != fs::file_type::symlink) {
    return faults.add("{}: is no link, and should be one to {}", link.file.string(),
                      link.to.string());
  }
  const fs::path target = link_target(output_dir / link.file);
  if (target != link.to) {
    return faults.add("{}: is a link to {} instead of {}", link.file.string(), target.string(),
                      link.to.string());
  }
  if (!is_folder(output_dir / link.file) && !is_file(output_dir / link.file)) {
    return faults.add("{}: is a link to {}, which is not there", link.file.string(),
                      link.to.string());
  }
  const fs::path end = real_path(output_dir / link.file);
  if (!lies_within(end, real_path(output_dir))) {
    faults.add("{}: is a link that leaves the folder, to {}", link.file.string(), end.string());
  }
}

void open_file(const fs::path& output_dir, const ClaimedFile& claim, const Entries& entries,
               OpenFiles& files, Faults& faults) {
  const auto found = entries.find(claim.file);
  if (found == entries.end()) return faults.add("{}: the file is missing", claim.file.string());
  if (found->second != fs::file_type::regular) {
    return faults.add("{}: is no regular file", claim.file.string());
  }
  try {
    File file = File::open(output_dir / claim.file);
    if (file.size() != claim.bytes) {
      faults.add("{}: has {} bytes instead of {}", claim.file.string(), file.size(), claim.bytes);
    }
    files.emplace(claim.file, std::move(file));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    faults.add("{}: {}", claim.file.string(), error.what());
  }
}

/// Each graph must find the weights beside its XML.
void check_graph_weights(const Claims& claims, Faults& faults) {
  for (const ClaimedGraph& graph : claims.graphs) {
    fs::path bin = graph.file;
    bin.replace_extension(".bin");
    const bool linked = std::ranges::any_of(claims.links, [&](const ClaimedLink& link) {
      return link.file == bin &&
             (bin.parent_path() / link.to).lexically_normal() == claims.weights.file;
    });
    if (bin != claims.weights.file && !linked) {
      faults.add("{}: no weights lie beside it: {} is neither {} nor a link to it",
                 graph.file.string(), bin.string(), claims.weights.file.string());
    }
  }
}

}  // namespace

OpenFiles check_folder(const fs::path& output_dir, const Claims& claims, Faults& faults) {
  Entries entries = entries_below(output_dir);
  OpenFiles files;
  for (const ClaimedFile& claim : claims.files) {
    open_file(output_dir, claim, entries, files, faults);
    if (!claim.xxh3_128 && claim.file != claims.weights.file) {
      faults.add("{}: bake.json has no digest of it", claim.file.string());
    }
  }
  for (const ClaimedLink& link : claims.links) check_link(output_dir, link, entries, faults);
  check_graph_weights(claims, faults);

  entries.erase("bake.json");
  for (const ClaimedFile& claim : claims.files) entries.erase(claim.file);
  for (const ClaimedLink& link : claims.links) entries.erase(link.file);
  for (const auto& [path, type] : entries) {
    faults.add("{}: bake.json does not know it", path.string());
  }
  return files;
}

}  // namespace ovbake
