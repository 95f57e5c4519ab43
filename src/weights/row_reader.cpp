#include "weights/row_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/error.hpp"
#include "source/values.hpp"

namespace ovbake {
namespace {

/// Of f32 values; with the codes that are made of them a block stays in the second-level cache.
constexpr std::uint64_t kBlockBytes = 128 << 10;
constexpr double kLeastLength = 1e-12;

[[noreturn]] void throw_not_finite(const WeightRows& weight, std::int64_t first_row,
                                   std::span<const float> values) {
  const auto bad = std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
  const std::int64_t index = bad - values.begin();
  const std::int64_t row = first_row + index / weight.columns;
  const auto matrix = static_cast<std::size_t>(row / weight.rows_of_matrix());
  const bool rounded = weight.loaded_as == "F16" && weight.storage->stored_dtype() != "F16";
  const bool scaled = !weight.column_factors.empty() || !weight.row_factors.empty();
  throw input_error(
      "{} holds {} at row {}, column {}; weights must be finite{}, so the checkpoint is damaged or "
      "its dtype too narrow; --allow_nonfinite bakes it as NNCF does.",
      weight.storage->matrices[matrix].front().tensor->name,
      std::isnan(*bad) ? "NaN" : "an infinity", row % weight.rows_of_matrix(),
      index % weight.columns,
      scaled    ? " once AWQ has scaled them"
      : rounded ? " once they are rounded to float16, as config.json's dtype asks"
                : "");
}

[[noreturn]] void throw_scale_not_finite(const WeightRows& weight, std::int64_t row) {
  const auto matrix = static_cast<std::size_t>(row / weight.rows_of_matrix());
  throw input_error(
      "{} has a scale that is NaN or infinite at row {}; weights must be finite, so the checkpoint "
      "is damaged; --allow_nonfinite bakes it as it is.",
      weight.storage->matrices[matrix].front().tensor->name, row % weight.rows_of_matrix());
}

std::uint64_t value_bytes(const WeightRows& weight) {
  return static_cast<std::uint64_t>(weight.columns) * sizeof(float);
}

std::int64_t rows_in_block(const WeightRows& weight, std::int64_t rows) {
  return std::min(rows, rows_of(kBlockBytes, value_bytes(weight), weight.alignment));
}

/// sqrt(Σ x²), and never so small that a row of zeros could not be divided by it.
float length(std::span<const float> values) {
  double squares = 0;
  for (const float value : values) squares += static_cast<double>(value) * value;
  return static_cast<float>(std::max(std::sqrt(squares), kLeastLength));
}

/// Rows of elements become columns.
template <typename Element>
void transpose(std::span<const std::byte> rows, std::size_t row_count,
               std::span<std::byte> columns) {
  const std::size_t width = rows.size() / sizeof(Element) / row_count;
  for (std::size_t row = 0; row < row_count; ++row) {
    for (std::size_t column = 0; column < width; ++column) {
      std::memcpy(&columns[(column * row_count + row) * sizeof(Element)],
                  &rows[(row * width + column) * sizeof(Element)], sizeof(Element));
    }
  }
}

}  // namespace

std::int64_t rows_of(std::uint64_t bytes, std::uint64_t row_bytes, std::int64_t alignment) {
  const auto rows = static_cast<std::int64_t>(bytes / row_bytes);
  return std::max(alignment, rows / alignment * alignment);
}

std::int64_t WeightRows::rows_of_matrix() const {
  return rows / static_cast<std::int64_t>(storage->matrices.size());
}

std::uint64_t WeightRows::row_bytes() const {
  std::uint64_t bytes = 0;
  for (const PartLayout& part : storage->parts) {
    bytes += part.line_bytes / static_cast<std::uint64_t>(part.rows_per_line);
  }
  return std::max<std::uint64_t>(bytes, 1);
}

std::int64_t WeightRows::rows_together() const {
  std::int64_t together = alignment;
  for (const PartLayout& part : storage->parts) {
    const bool whole = part.rows_per_line >= rows_of_matrix();
    if (!whole) together = std::lcm(together, part.rows_per_line);
  }
  return together;
}

std::vector<MatrixRows> by_matrix(const WeightRows& weight, std::int64_t first_row,
                                  std::int64_t rows) {
  std::vector<MatrixRows> result;
  const std::int64_t each = weight.rows_of_matrix();
  for (std::int64_t row = first_row; row < first_row + rows; row += result.back().rows) {
    result.push_back({.matrix = static_cast<std::size_t>(row / each),
                      .first = weight.storage->first_row + row % each,
                      .rows = std::min(first_row + rows - row, each - row % each)});
  }
  return result;
}

ByteRange place_of(const Storage& storage, const MatrixRows& rows, std::size_t part) {
  const PartLayout& layout = storage.parts[part];
  const auto first = static_cast<std::uint64_t>(rows.first / layout.rows_per_line);
  const auto count = static_cast<std::uint64_t>(layout.lines_of(rows.first, rows.rows));
  const std::uint64_t begin = storage.matrices[rows.matrix][part].begin + first * layout.line_bytes;
  return {begin, begin + count * layout.line_bytes};
}

std::uint64_t reader_memory(const WeightRows& weight, std::int64_t rows) {
  std::uint64_t bytes =
      static_cast<std::uint64_t>(rows_in_block(weight, rows)) * value_bytes(weight);
  for (const PartLayout& part : weight.storage->parts) {
    const auto lines = static_cast<std::uint64_t>(part.lines_of(0, rows));
    bytes += (part.transposed ? 2 : 1) * lines * part.line_bytes;
  }
  return bytes;
}

void RowReader::fetch(const WeightRows& weight, std::int64_t first_row, std::int64_t rows) {
  const Storage& storage = *weight.storage;
  fetched_.clear();
  lines_.resize(storage.parts.size());
  for (auto& buffer : lines_) buffer.clear();
  for (const MatrixRows& run : by_matrix(weight, first_row, rows)) {
    Fetched& fetched = fetched_.emplace_back(Fetched{.rows = run, .first_row = first_row});
    first_row += run.rows;
    for (std::size_t i = 0; i < storage.parts.size(); ++i) {
      const PartLayout& part = storage.parts[i];
      const StoredPart& stored = storage.matrices[run.matrix][i];
      const ByteRange place = place_of(storage, run, i);
      fetched.begins.push_back(lines_[i].size());
      lines_[i].resize(lines_[i].size() + place.bytes());
      const std::span into = std::span(lines_[i]).last(place.bytes());
      if (part.transposed) {
        fetch_transposed(part, stored, run.first / part.rows_per_line, into);
      } else {
        checkpoint_.read(*stored.tensor, place.begin, into);
      }
    }
  }
}

void RowReader::fetch_transposed(const PartLayout& part, const StoredPart& stored,
                                 std::int64_t first_line, std::span<std::byte> into) {
  const std::size_t elements = part.line_bytes / part.element_bytes;
  const std::uint64_t begin =
      stored.begin + static_cast<std::uint64_t>(first_line) * part.element_bytes;
  const std::size_t piece = into.size() / elements;
  turned_.resize(into.size());
  for (std::size_t i = 0; i < elements; ++i) {
    checkpoint_.read(*stored.tensor, begin + i * part.stride(),
                     std::span(turned_).subspan(i * piece, piece));
  }
  const auto turn = part.element_bytes == 2 ? transpose<std::uint16_t> : transpose<std::uint32_t>;
  turn(turned_, elements, into);
}

void RowReader::for_each_matrix(const WeightRows& weight, std::int64_t first_row, std::int64_t rows,
                                const std::function<void(const EncodedRows&)>& visit) {
  const auto& parts = weight.storage->parts;
  for (const Fetched& fetched : fetched_) {
    const std::int64_t begin = std::max(first_row, fetched.first_row);
    const std::int64_t end = std::min(first_row + rows, fetched.first_row + fetched.rows.rows);
    if (begin >= end) continue;
    const std::int64_t first = fetched.rows.first + begin - fetched.first_row;
    std::vector<Lines> lines;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const PartLayout& part = parts[i];
      const std::int64_t before =
          first / part.rows_per_line - fetched.rows.first / part.rows_per_line;
      const auto count = static_cast<std::size_t>(part.lines_of(first, end - begin));
      lines.push_back({.bytes = std::span(lines_[i]).subspan(
                           fetched.begins[i] + static_cast<std::size_t>(before) * part.line_bytes,
                           count * part.line_bytes),
                       .line_bytes = part.line_bytes,
                       .rows_per_line = part.rows_per_line,
                       .dtype = weight.storage->matrices[fetched.rows.matrix][i].tensor->dtype});
    }
    visit({.first_row = first, .rows = end - begin, .columns = weight.columns, .parts = lines});
  }
}

bool RowReader::multiply(const WeightRows& weight, const RowBlock& block) {
  if (weight.column_factors.empty() && weight.row_factors.empty()) return true;
  const auto columns = static_cast<std::size_t>(weight.columns);
  bool finite = true;
  for (std::size_t row = 0; row < static_cast<std::size_t>(block.rows); ++row) {
    const auto index = static_cast<std::size_t>(block.first_row) + row;
    std::span<const float> factors = weight.column_factors;
    if (factors.empty()) {
      row_of_factors_.assign(columns, weight.row_factors[index]);
      factors = row_of_factors_;
    } else {
      const std::size_t matrix = index / static_cast<std::size_t>(weight.rows_of_matrix());
      factors = factors.subspan(matrix * columns, columns);
    }
    finite = multiply_values(weight.product_dtype, factors,
                             std::span(values_).subspan(row * columns, columns)) &&
             finite;
  }
  return finite;
}

void RowReader::divide_by_lengths(const WeightRows& weight, std::span<float> values) {
  const auto columns = static_cast<std::size_t>(weight.columns);
  for (; !values.empty(); values = values.subspan(columns)) {
    const std::span<float> row = values.first(columns);
    row_of_factors_.assign(columns, 1 / length(row));
    multiply_values(weight.loaded_as, row_of_factors_, row);
  }
}

void RowReader::read(const WeightRows& weight, std::int64_t first_row, std::int64_t rows,
                     const std::function<void(const RowBlock&)>& visit) {
  fetch(weight, first_row, rows);

  const std::int64_t block_rows = rows_in_block(weight, rows);
  for (std::int64_t done = 0; done < rows; done += block_rows) {
    const std::int64_t count = std::min(block_rows, rows - done);
    values_.resize(static_cast<std::size_t>(count * weight.columns));
    const RowBlock block{.first_row = first_row + done, .rows = count, .values = values_.data()};
    bool finite = true;
    std::span<float> into(values_);
    for_each_matrix(weight, block.first_row, count, [&](const EncodedRows& encoded) {
      const auto elements = static_cast<std::size_t>(encoded.rows * encoded.columns);
      finite = weight.storage->encoding->values(encoded, weight.loaded_as, into.first(elements)) &&
               finite;
      into = into.subspan(elements);
    });
    const bool taken = finite || allow_nonfinite_;
    if (taken && weight.unit_rows) divide_by_lengths(weight, values_);
    if (!taken || !multiply(weight, block)) throw_not_finite(weight, block.first_row, values_);
    visit(block);
  }
}

void RowReader::read_codes(const WeightRows& weight, std::int64_t first_row, std::int64_t rows,
                           const std::function<void(const CodeBlock&)>& visit) {
  fetch(weight, first_row, rows);

  const std::int64_t group_size = weight.storage->grid->group_size;
  const std::int64_t groups = group_size == -1 ? 1 : weight.columns / group_size;
  const std::int64_t block_rows = rows_in_block(weight, rows);
  for (std::int64_t done = 0; done < rows; done += block_rows) {
    const std::int64_t count = std::min(block_rows, rows - done);
    codes_.resize(static_cast<std::size_t>(count * weight.columns));
    scales_.resize(static_cast<std::size_t>(count * groups));
    zero_points_.resize(scales_.size());
    const Codes all{codes_, scales_, zero_points_};
    std::size_t row = 0;
    for_each_matrix(weight, first_row + done, count, [&](const EncodedRows& encoded) {
      const auto matrix_rows = static_cast<std::size_t>(encoded.rows);
      const auto part_of = [&](auto span) {
        const std::size_t width = span.size() / static_cast<std::size_t>(count);
        return span.subspan(row * width, matrix_rows * width);
      };
      weight.storage->encoding->codes(
          encoded, {part_of(all.codes), part_of(all.scales), part_of(all.zero_points)});
      row += matrix_rows;
    });
    const auto bad =
        std::ranges::find_if(scales_, [](float scale) { return !std::isfinite(scale); });
    if (bad != scales_.end() && !allow_nonfinite_) {
      throw_scale_not_finite(weight, first_row + done + (bad - scales_.begin()) / groups);
    }
    visit({.first_row = first_row + done, .rows = count, .codes = all});
  }
}

}  // namespace ovbake
