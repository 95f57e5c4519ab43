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
/// in it, but for what is kept, when the object dies; what a killed process left is removed by the
/// next Staging for the same output folder, or handed over to it.
class Staging {
 public:
  using ProveBaked = std::function<void(const std::filesystem::path& folder)>;

  /// Missing parents of `output_dir` are created, an empty folder counts as none, and a link to a
  /// folder stands for that folder. Throws
  /// - a usage error where `output_dir` names no folder of its own ("/", ".", ".."),
  /// - an input error where it exists and `overwrite` is false, or where it is no folder with a
  ///   bake.json, which is what `overwrite` may replace,
  /// - an environment error where its parent cannot be written or another process is baking to it.
  /// `kept`: the name of a file that stays, with the journal, where a killed process left it.
  /// `prove`: throws where the folder that it is given is not as a bake made it; asked before
  /// anything is made, and once more of what is about to be removed.
  Staging(const std::filesystem::path& output_dir, bool overwrite,
          const std::filesystem::path& kept = {}, ProveBaked prove = {});
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  const std::filesystem::path& folder() const noexcept { return folder_; }
  /// Where to note what is finished in the folder.
  const std::filesystem::path& journal() const noexcept { return journal_; }

  /// From now on the file of this name and the journal outlive the object, for a next one to go on
  /// with; so they do from the beginning where they were taken over.
  void keep(const std::filesystem::path& name) { kept_ = name; }
  bool keeps() const noexcept { return !kept_.empty(); }

  /// Throws an environment error, naming need and room, where the file system has less than `bytes`
  /// available.
  void require_space(std::uint64_t bytes) const;

  /// Makes the folder the output folder with one rename, or one exchange where an old one exists,
  /// which is removed afterwards. `durable`: every file and folder reaches the disk first. When it
  /// throws, the output folder is as it was. In one place only there is no such step, a lower layer
  /// of an overlay, whose folders cannot be renamed: there the old output loses its bake.json,
  /// without which nobody takes it for one, and files follow one by one, a bake.json last.
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

  /// Throws where the output folder may not become the output of a bake, or could not.
  void check_output() const;
  /// Removes what a killed process left, but for `kept` and its journal.
  void clear_folder(const std::filesystem::path& kept);
  /// Removes everything in the folder but for the file `kept`.
  void remove_all_but(const std::filesystem::path& kept) const;
  /// Gives the folder the output's name, and returns what undoes it.
  std::function<void()> make_visible();
  /// Where what was replaced lies now.
  const std::filesystem::path& old_output() const;
  void replace_file_by_file(bool durable);

  std::filesystem::path output_dir_;
  std::filesystem::path folder_;
  std::filesystem::path journal_;
  std::filesystem::path replaced_;
  bool overwrite_;
  ProveBaked prove_;
  std::filesystem::path kept_;
  /// Closed for what has to be removed where no other descriptor can be had any more.
  Descriptor spare_;
  NewParents new_parents_;
  Lock lock_;
};

}  // namespace ovbake
