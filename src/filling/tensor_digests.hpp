// Digests of what a fill writes, taken while it does.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/file.hpp"
#include "base/xxh3.hpp"
#include "compression/plan.hpp"
#include "weights/chunks.hpp"

namespace ovbake {

/// Of every constant's bytes, parallel to the tensors of a plan and to their constants. A tensor
/// that is not finished has none.
using Digests = std::vector<std::vector<Digest>>;

/// Threads share one object. Where the chunks of a tensor come in the order of its rows, digests
/// are taken of the bytes that were handed to the kernel; where they do not, as those of experts
/// may, of what can be read back once the last one is written.
class TensorDigests {
 public:
  /// Of the constants of `plan` that `chunks`, begun in this order, write to `bin`.
  TensorDigests(const CompressionPlan& plan, std::span<const Chunk> chunks, const NewFile& bin);

  /// Takes a constant that is no part of any chunk.
  void add_whole(std::size_t tensor, std::size_t constant, std::span<const std::byte> bytes);

  /// Takes the bytes that a chunk wrote to each constant, waiting for the chunks before it. Returns
  /// the digests of its tensor where it was the last one.
  std::optional<std::vector<Digest>> add(const Chunk& chunk,
                                         std::span<const std::vector<std::byte>> constants);

  /// Lets nobody wait any longer.
  void give_up();

 private:
  struct State {
    bool in_order = true;
    std::size_t next = 0;       ///< Ordinal of the chunk whose turn it is.
    std::size_t unwritten = 0;  ///< Chunks.
    std::vector<Xxh3> hashes;
  };

  /// Returns false where the work was given up.
  bool wait_for_turn(State& state, const Chunk& chunk);
  std::vector<Digest> read_back(const PlannedTensor& tensor) const;

  const CompressionPlan& plan_;
  std::optional<File> written_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<State> states_;
  bool given_up_ = false;
};

}  // namespace ovbake
