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

/// How a weight is read: in chunks of at most so many rows, in blocks that begin at multiples of so
/// many.
struct Reading {
  RowSource source;
  std::int64_t alignment;
  std::int64_t chunk_rows;
};

/// About `chunk_bytes` of the source at a time.
Reading reading_of(const RowSource& source, std::uint64_t chunk_bytes, std::int64_t alignment);

/// Consecutive rows of one weight: the unit of work.
struct Chunk {
  std::size_t weight;   ///< Whose reading it is.
  std::size_t ordinal;  ///< Among the chunks of its weight.
  std::int64_t first_row;
  std::int64_t rows;
};

/// The chunks of a weight, in the order of its rows. None has rows of two parts if parts can be
/// told apart at all: if they begin at multiples of the alignment.
void append_chunks(std::size_t weight, const Reading& reading, std::vector<Chunk>& chunks);

/// Brings chunks into the order in which the checkpoint stores them.
void sort_by_place(std::vector<Chunk>& chunks, std::span<const Reading> readings);

/// Tells the checkpoint which tensors the sorted `chunks` will read.
void expect(std::span<const Chunk> chunks, std::span<const Reading> readings,
            const Checkpoint& checkpoint);

/// For each reading the largest of what `measure` makes of the blocks of its sorted `chunks`; 0
/// where there are none. `allow_nonfinite` is RowReader's.
std::vector<double> largest_of(std::span<const Chunk> chunks, std::span<const Reading> readings,
                               const Checkpoint& checkpoint, unsigned threads, bool allow_nonfinite,
                               const std::function<double(const Chunk&, const RowBlock&)>& measure);

}  // namespace ovbake
