// Work on weights, cut into pieces and brought into the order of the checkpoint's files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "source/checkpoint.hpp"
#include "weights/row_reader.hpp"

namespace ovbake {

/// Consecutive rows of one weight: the unit of work.
struct Chunk {
  std::size_t weight;   ///< Its index among the weights that are worked on.
  std::size_t ordinal;  ///< Among the chunks of its weight.
  std::int64_t first_row;
  std::int64_t rows;
};

/// Rows that make up a chunk which reads about `chunk_bytes` of the checkpoint.
std::int64_t rows_in_chunk(const WeightRows& weight, std::uint64_t chunk_bytes);

/// The chunks of a weight, of at most `chunk_rows` rows, in the order of its rows. A chunk never
/// crosses from one matrix to the next, unless matrices are not aligned; then the weight is one
/// run.
void append_chunks(std::size_t index, const WeightRows& weight, std::int64_t chunk_rows,
                   std::vector<Chunk>& chunks);

/// Brings chunks into the order in which the checkpoint stores them.
void sort_by_place(std::vector<Chunk>& chunks, std::span<const WeightRows> weights);

/// Tells the checkpoint which tensors the sorted `chunks` will read.
void expect(std::span<const Chunk> chunks, std::span<const WeightRows> weights,
            const Checkpoint& checkpoint);

/// Forgets cached pages that hold nothing but what was read for `chunk`.
void drop_from_cache(const Chunk& chunk, const WeightRows& weight, const Checkpoint& checkpoint);

/// For each weight the largest of what `measure` makes of the blocks of its sorted `chunks`; 0
/// where there are none. `allow_nonfinite` is RowReader's.
std::vector<double> largest_of(std::span<const Chunk> chunks, std::span<const WeightRows> weights,
                               const Checkpoint& checkpoint, unsigned threads, bool allow_nonfinite,
                               const std::function<double(const Chunk&, const RowBlock&)>& measure);

}  // namespace ovbake
