// Files of a model fetched into the cache, several at once; what an earlier run left is continued.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "hub/cache.hpp"
#include "hub/client.hpp"

namespace ovbake {

/// How far work on other threads is, and how to end it.
struct TransferState {
  std::atomic<bool> stop = false;
  std::atomic<std::uint64_t> bytes_done = 0;
  std::atomic<std::uint64_t> bytes_total = 0;
};

/// Fetches `files` that the cache lacks, each proven by its size and digest before it gets its
/// name. Throws what HubClient::get_bytes throws, an input error for a file whose digest is not the
/// listed one, and an environment error where the disk has no room.
void download(const std::vector<HubFile>& files, const HubModel& model, const HubSettings& settings,
              const HubCache& cache, TransferState& state);

}  // namespace ovbake
