// Streams rows of a stored tensor as f32 values, in memory that does not grow with the tensor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "source/checkpoint.hpp"
#include "weights/row_block.hpp"
#include "weights/storage.hpp"
#include "weights/values.hpp"

namespace ovbake {

/// Rows of one part of a tensor.
struct PartRows {
  std::size_t part;
  std::int64_t first;  ///< Within the part.
  std::int64_t rows;
};

/// A tensor as rows of values.
struct RowSource {
  const Storage* storage;
  ValueRule rule;
  std::int64_t rows;
  std::int64_t columns;
  bool unit_rows = false;  ///< Each row is divided by its length.
  /// By which values are multiplied, one a column of each part or one a row; empty: by none.
  std::span<const float> column_factors{}, row_factors{};
  ValueRule product_rule = rule;  ///< What products are rounded as.

  std::uint64_t bytes_of(std::uint64_t elements) const { return elements * stored_bits(rule) / 8; }
  std::uint64_t row_bytes() const { return bytes_of(static_cast<std::uint64_t>(columns)); }
  /// Of the powers of two of an MXFP4 row, or of the scales of a row of FP8 blocks; 0 for others.
  std::uint64_t scale_row_bytes() const;
  /// Of a scale of FP8 blocks.
  std::uint64_t scale_bytes() const;
  /// That share scales.
  std::int64_t rows_of_block() const { return storage->block.rows; }
  std::int64_t rows_of_part() const;

  /// What consecutive rows are part by part.
  std::vector<PartRows> parts_of(std::int64_t first_row, std::int64_t count) const;
  /// Where rows lie within the tensor that stores them, unless they are stored as columns.
  ByteRange place_of(const PartRows& part) const;
  /// Of the rows, or of the rows of blocks, that have scales of their own.
  ByteRange place_of_scales(const PartRows& part) const;
};

/// The buffers of one thread.
class RowReader {
 public:
  /// `allow_nonfinite`: hand over what is NaN or infinite as it is.
  explicit RowReader(const Checkpoint& checkpoint, bool allow_nonfinite = false)
      : checkpoint_(checkpoint), allow_nonfinite_(allow_nonfinite) {}

  /// Reads `rows` rows from `first_row` on in one go and hands them to `visit` in blocks that fit
  /// the second-level cache. Blocks begin at first_row plus multiples of `alignment`. Throws an
  /// input error naming tensor, row and column of a value that is NaN or infinite.
  void read(const RowSource& source, std::int64_t first_row, std::int64_t rows,
            std::int64_t alignment, const std::function<void(const RowBlock&)>& visit);

  /// Fills the two with rows and their powers of two as they are stored.
  void read_mxfp4(const RowSource& source, std::int64_t first_row, std::int64_t rows,
                  std::span<std::byte> blocks, std::span<std::byte> scales);

 private:
  /// Fills stored_ and scales_.
  void fetch(const RowSource& source, std::int64_t first_row, std::int64_t rows);
  /// Fills block_scales_ and scale_begins_.
  void fetch_block_scales(const RowSource& source, std::int64_t first_row, std::int64_t rows);
  /// The values of FP8 rows that fetch() brought, `done` coming before them.
  bool take_fp8(const RowSource& source, std::int64_t done, std::int64_t rows);
  /// Fills `into` with rows that are stored as columns.
  void read_scales(const StoredTensor& tensor, const ByteRange& place, std::span<float> scales);
  void fetch_transposed(const RowSource& source, const PartRows& rows, std::span<std::byte> into);
  /// The values of rows that fetch() brought, `done` coming before them. Returns false where one is
  /// not finite.
  bool take_values(const RowSource& source, std::int64_t done, std::int64_t rows);
  /// Multiplies what values_ holds by the factors of the source.
  bool multiply(const RowSource& source, const RowBlock& block);
  void divide_by_lengths(const RowSource& source, std::span<float> values);

  const Checkpoint& checkpoint_;
  bool allow_nonfinite_;
  std::vector<std::byte> stored_;
  std::vector<std::byte> scales_;
  std::vector<float> block_scales_;
  std::vector<std::size_t> scale_begins_;  ///< Within block_scales_, for each row of stored_.
  std::vector<std::byte> turned_;
  std::vector<float> values_;
  std::vector<float> row_of_factors_;
};

/// Bytes of a reader's buffers for that many rows, blocks beginning at multiples of `alignment`.
std::uint64_t reader_memory(const RowSource& source, std::int64_t rows, std::int64_t alignment);

/// Rows that make up about `bytes`, at least `alignment` and a multiple of it.
std::int64_t rows_of(std::uint64_t bytes, std::uint64_t row_bytes, std::int64_t alignment);

}  // namespace ovbake
