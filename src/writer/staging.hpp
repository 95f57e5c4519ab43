// Where an output grows unseen, and how it becomes visible in one step.
#pragma once

#include <filesystem>
#include <vector>

#include "base/file.hpp"

namespace ovbake {

/// A hidden folder beside the output folder. Unless it is published it is removed with everything
/// in it when the object dies; what a killed process left is removed by the next Staging for the
/// same output folder. A lock keeps two processes from baking to one output at once.
class Staging {
 public:
  /// Throws an input error where `output_dir` exists and `overwrite` is false, and an environment
  /// error where its parent cannot be written or another process is baking to it.
  Staging(std::filesystem::path output_dir, bool overwrite);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  const std::filesystem::path& folder() const noexcept { return folder_; }

  /// Throws an environment error, naming need and room, where the file system has less than `bytes`
  /// available.
  void require_space(std::uint64_t bytes) const;

  /// Makes the folder the output folder with one rename, or one exchange where an old one exists,
  /// which is removed afterwards. `durable`: every file and folder reaches the disk first.
  void publish(bool durable);

 private:
  std::filesystem::path output_dir_;
  std::filesystem::path folder_;
  Descriptor lock_;
  bool overwrite_;
  bool published_ = false;
};

}  // namespace ovbake
