// What a checkpoint consists of, wherever it comes from.
#pragma once

#include <memory>
#include <vector>

#include "base/random_access.hpp"
#include "source/config.hpp"
#include "source/small_files.hpp"
#include "source/stored_tensor.hpp"

namespace ovbake {

struct CheckpointParts {
  SmallFiles small_files;
  Config config;
  std::vector<std::shared_ptr<const RandomAccess>> files{};  ///< Of weights.
  std::vector<StoredTensor> tensors{};                       ///< Ordered by file and offset.
};

}  // namespace ovbake
