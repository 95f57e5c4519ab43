// The names under which a checkpoint stores the tensors that a description names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "architecture/description/decoder.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// A description says "model.layers.0…"; a checkpoint may say "layers.0…" (a model saved without
/// its head), "language_model.model.layers.0…" or "base_model.model.model.layers.0…" (a model that
/// is a part of another). The prefix is the one under which the checkpoint stores most of the
/// description's tensors, so that no wrapper has to be known by name.
class StoredNames {
 public:
  StoredNames(const Decoder& decoder, const Checkpoint& checkpoint);

  /// Null where the checkpoint has no tensor that the description calls `name`. Of an embedding
  /// that is tied to a head either may be stored.
  const StoredTensor* find(const std::string& name) const;

  /// A head that is stored although the description ties it; null where there is none.
  const StoredTensor* find_head() const noexcept { return head_; }

  /// What stands for the first component of the description's names ("model."); may be empty.
  const std::string& prefix() const noexcept { return prefix_; }

  /// The description's name for what is stored as `name`; nothing where that does not begin with
  /// the prefix.
  std::optional<std::string> described(std::string_view name) const;

 private:
  const StoredTensor* find_beside(const std::string& name) const;

  const Checkpoint& checkpoint_;
  std::string tied_table_;  ///< The description's name for an embedding that is lm_head too.
  std::string root_;
  std::string prefix_;
  const StoredTensor* head_ = nullptr;
};

}  // namespace ovbake
