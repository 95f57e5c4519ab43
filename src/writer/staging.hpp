// Where an output grows unseen, and how it becomes visible in one step.
//
// For an output folder NAME four hidden siblings are ours, and nothing else is ever removed:
//   .NAME.baking          what grows; after an exchange, what the old output leaves for removal
//   .NAME.baking.journal  which tensors are whole in it (see compression/weights_file.hpp)
//   .NAME.baking.lock     locked (flock) while a process lives that bakes to NAME
//   .NAME.replaced        the old output, for the moment between two renames, on a file system that
//                         cannot exchange two names; the next Staging puts it back if NAME is
//                         missing
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/file.hpp"

namespace ovbake {

/// A hidden folder beside the output folder. Unless it is published it is removed with everything
/// in it when the object dies; what a killed process left is removed by the next Staging for the
/// same output folder, or handed over to it.
class Staging {
 public:
  /// Missing parents of `output_dir` are created, an empty folder counts as none, and a link to a
  /// folder stands for that folder. Throws
  /// - a usage error where `output_dir` names no folder of its own ("/", ".", ".."),
  /// - an input error where it exists and `overwrite` is false, or where it is no folder with a
  ///   bake.json, which is what `overwrite` may replace,
  /// - an environment error where its parent cannot be written or another process is baking to it.
  /// `kept`: the name of a file that stays, with the journal, where a killed process left it.
  Staging(const std::filesystem::path& output_dir, bool overwrite,
          const std::filesystem::path& kept = {});
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  const std::filesystem::path& folder() const noexcept { return folder_; }
  /// Where to note what is finished in the folder.
  const std::filesystem::path& journal() const noexcept { return journal_; }

  /// Throws an environment error, naming need and room, where the file system has less than `bytes`
  /// available.
  void require_space(std::uint64_t bytes) const;

  /// Makes the folder the output folder with one rename, or one exchange where an old one exists,
  /// which is removed afterwards. `durable`: every file and folder reaches the disk first. When it
  /// throws, the output folder is as it was.
  void publish(bool durable);

 private:
  /// Parents that were made for the output folder; those that are still empty go with the object.
  struct NewParents {
    NewParents() = default;
    explicit NewParents(const std::filesystem::path& output_dir);
    ~NewParents();
    std::vector<std::filesystem::path> folders;  ///< Outermost first.
  };

  /// The right to bake to an output folder. Its file goes with the object.
  struct Lock {
    explicit Lock(const std::filesystem::path& output_dir);
    ~Lock();
    std::filesystem::path path;
    Descriptor file;
  };

  /// Removes what a killed process left, but for `kept` and its journal.
  void clear_folder(const std::filesystem::path& kept);
  /// Gives the folder the output's name and returns what undoes it.
  std::function<void()> make_visible();

  std::filesystem::path output_dir_;
  std::filesystem::path folder_;
  std::filesystem::path journal_;
  std::filesystem::path replaced_;
  bool overwrite_;
  NewParents new_parents_;
  Lock lock_;
};

}  // namespace ovbake
