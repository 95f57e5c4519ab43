// Streams the rows of a weight from its checkpoint, in memory that does not grow with the weight.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "source/checkpoint.hpp"
#include "weights/row_block.hpp"
#include "weights/storage.hpp"

namespace ovbake {

/// A weight as rows of values, and how these come about.
struct WeightRows {
  const Storage* storage;
  std::string_view loaded_as;  ///< The type to which values are rounded first; see Encoding.
  std::int64_t rows;
  std::int64_t columns;
  /// Blocks and chunks begin at multiples of so many rows.
  std::int64_t alignment = 1;
  bool unit_rows = false;  ///< Each row is divided by its length.
  /// Values are multiplied by one factor a column of each matrix, or by one a row; empty: by none.
  std::span<const float> column_factors{}, row_factors{};
  std::string_view product_dtype = loaded_as;  ///< What products are rounded to.

  std::int64_t rows_of_matrix() const;
  /// What a row takes in the checkpoint.
  std::uint64_t row_bytes() const;
  /// Rows that no reader should part: they share lines.
  std::int64_t rows_together() const;
};

/// Consecutive rows of one matrix of a weight.
struct MatrixRows {
  std::size_t matrix;
  std::int64_t first;  ///< Within the matrix as it is stored.
  std::int64_t rows;
};

/// What consecutive rows are matrix by matrix.
std::vector<MatrixRows> by_matrix(const WeightRows& weight, std::int64_t first_row,
                                  std::int64_t rows);

/// Where the lines lie that rows need of a part, within the tensor that stores it, unless they are
/// stored as columns.
ByteRange place_of(const Storage& storage, const MatrixRows& rows, std::size_t part);

/// The buffers of one thread.
class RowReader {
 public:
  /// `allow_nonfinite`: hand over what is NaN or infinite as it is.
  explicit RowReader(const Checkpoint& checkpoint, bool allow_nonfinite = false)
      : checkpoint_(checkpoint), allow_nonfinite_(allow_nonfinite) {}

  /// Reads `rows` rows from `first_row` on in one go and hands them to `visit` in blocks that fit
  /// the second-level cache. Throws an input error naming tensor, row and column of a value that is
  /// NaN or infinite.
  void read(const WeightRows& weight, std::int64_t first_row, std::int64_t rows,
            const std::function<void(const RowBlock&)>& visit);

  /// The same by their codes on the grid of the encoding, no value being computed.
  void read_codes(const WeightRows& weight, std::int64_t first_row, std::int64_t rows,
                  const std::function<void(const CodeBlock&)>& visit);

 private:
  /// Rows of one matrix whose lines were fetched.
  struct Fetched {
    MatrixRows rows;
    std::int64_t first_row;           ///< Within the weight.
    std::vector<std::size_t> begins;  ///< Within the buffer of each part.
  };

  /// Fills fetched_ and lines_.
  void fetch(const WeightRows& weight, std::int64_t first_row, std::int64_t rows);
  /// Fills `into` with lines that are stored as columns.
  void fetch_transposed(const PartLayout& part, const StoredPart& stored, std::int64_t first_line,
                        std::span<std::byte> into);
  /// Calls `visit` with what was fetched for each matrix that has some of the rows.
  void for_each_matrix(const WeightRows& weight, std::int64_t first_row, std::int64_t rows,
                       const std::function<void(const EncodedRows&)>& visit);
  /// Multiplies what values_ holds by the factors of the weight.
  bool multiply(const WeightRows& weight, const RowBlock& block);
  void divide_by_lengths(const WeightRows& weight, std::span<float> values);

  const Checkpoint& checkpoint_;
  bool allow_nonfinite_;
  std::vector<Fetched> fetched_;
  std::vector<std::vector<std::byte>> lines_;  ///< A buffer a part.
  std::vector<std::byte> turned_;
  std::vector<float> values_;
  std::vector<float> row_of_factors_;
  std::vector<std::uint8_t> codes_, zero_points_;
  std::vector<float> scales_;
};

/// Bytes of a reader's buffers for that many rows.
std::uint64_t reader_memory(const WeightRows& weight, std::int64_t rows);

/// Rows that make up about `bytes`, at least `alignment` and a multiple of it.
std::int64_t rows_of(std::uint64_t bytes, std::uint64_t row_bytes, std::int64_t alignment);

}  // namespace ovbake
