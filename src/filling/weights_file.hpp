// The .bin of a bake while it grows, with a journal beside it of the tensors that are whole in it,
// so that a bake which was killed can be continued.
//
// The journal is text: a line for the bake that it is of, then one for each finished tensor, its
// number in the plan and the digests of its constants. It is a claim, not a proof: whatever it says
// counts only where the bytes that are read back have these digests.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "base/file.hpp"
#include "compression/plan.hpp"
#include "filling/tensor_digests.hpp"

namespace ovbake {

class WeightsFile {
 public:
  /// Of a bake and its files: where they lie, what makes the bake another one than all others.
  struct Place {
    std::filesystem::path bin;
    std::filesystem::path journal;
    std::string bake;
  };

  /// Begins `place.bin`, or takes over the one in which a killed bake left whole tensors: of those
  /// that its journal claims, the ones whose bytes prove it; `threads` threads read them. A journal
  /// of another bake, or of another file, counts for nothing.
  WeightsFile(const Place& place, const CompressionPlan& plan, unsigned threads);

  NewFile& bin() noexcept { return bin_; }
  /// Tensors that a killed bake has left whole.
  const Digests& finished() const noexcept { return finished_; }
  std::size_t finished_count() const;

  /// Notes that `tensor`, one of the plan's, is whole.
  void add_finished(const PlannedTensor& tensor, std::span<const Digest> digests);

 private:
  void append(const std::string& line);

  const CompressionPlan& plan_;
  Digests finished_;
  NewFile bin_;
  NewFile journal_;
  std::uint64_t journal_bytes_ = 0;
};

}  // namespace ovbake
