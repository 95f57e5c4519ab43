// A model by its id: looked up, and as much of it fetched as is needed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <ovbake/hub_options.hpp>

#include "source/model_files.hpp"

namespace ovbake {

/// What of a model has to be on the disk. The rest is fetched as it is read.
enum class OnDisk {
  everything,
  all_but_weights,  ///< Weights are streamed.
  tokenizer,        ///< And no weights are wanted.
  config            ///< What a plan needs; headers of weights are read from afar.
};

/// Called about ten times a second; what it throws stops the work.
struct FetchWatch {
  /// While files are downloaded, by the thread that asked for them.
  std::function<void(std::uint64_t done, std::uint64_t total)> bytes_done;
  /// While streamed bytes are waited for, by each thread that reads them.
  std::function<void()> waiting;
};

struct FetchedModel {
  ModelFiles files;
  std::vector<std::string> warnings;
};

/// Finds the model `id` in the cache or on the hub. Asks nothing of the hub where it may not, or
/// where `options` names a commit whose files are there. Throws
/// - an input error for a model or revision that is not there or not to be had, or that has no
///   safetensors,
/// - an environment error where the hub does not answer and the cache does not know the model.
/// What `watch` refers to must outlive the files that are streamed.
FetchedModel fetch_model(const std::string& id, const HubOptions& options, OnDisk on_disk,
                         const FetchWatch& watch);

}  // namespace ovbake
