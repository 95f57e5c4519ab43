#include "verify/by_running.hpp"

#include <algorithm>
#include <fstream>
#include <optional>

#include "base/error.hpp"
#include "execution/compare.hpp"
#include "verify/faults.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

/// Steps that compare_graphs reports.
constexpr std::uint64_t kSteps = 8;

fs::path graph_of_role(const fs::path& output_dir, const Claims& claims, std::string_view role) {
  const auto found = std::ranges::find(claims.graphs, role, &ClaimedGraph::role);
  if (found == claims.graphs.end()) {
    throw verification_error("{} has no graph for {}, so nothing can be compared by running.",
                             output_dir.string(), role);
  }
  return output_dir / found->file;
}

/// What the kernel thinks can be had without swapping; nothing where it does not say.
std::optional<std::uint64_t> available_memory() {
  std::ifstream file("/proc/meminfo");
  std::string key, unit;
  for (std::uint64_t kilobytes = 0; file >> key >> kilobytes; std::getline(file, unit)) {
    if (key == "MemAvailable:") return kilobytes * 1024;
  }
  return {};
}

double gigabytes(std::uint64_t bytes) { return static_cast<double>(bytes) / 1e9; }

}  // namespace

void verify_by_running(const fs::path& output_dir, const Claims& claims,
                       const ProgressCallback& progress) {
  const GraphFiles files{.prefill = graph_of_role(output_dir, claims, "prefill"),
                         .decode = graph_of_role(output_dir, claims, "decode"),
                         .dynamic = graph_of_role(output_dir, claims, "stateful")};
  Progress state{.stage = "run", .item = {}, .items_total = kSteps};
  const auto step = [&](std::string_view what) {
    state.item = what;
    if (progress && !progress(state)) {
      throw Error(ErrorCode::interrupted, "The verification was interrupted.");
    }
    ++state.items_done;
  };

  const std::uint64_t needed = comparison_bytes(files);
  const auto available = available_memory();
  if (available && *available < needed) {
    throw environment_error(
        "Verifying by running takes about {:.1f} GB of memory and {:.1f} GB are available; close "
        "other programs, or verify without --run.",
        gigabytes(needed), gigabytes(*available));
  }
  step(fmt::format("about {:.1f} GB of memory are needed", gigabytes(needed)));
  Faults faults;
  for (std::string& difference : compare_graphs(files, step)) {
    faults.add_text(std::move(difference));
  }
  faults.throw_if_any(output_dir);
}

}  // namespace ovbake
