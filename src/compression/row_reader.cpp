#include "compression/row_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.hpp"

namespace ovbake {
namespace {

/// Of f32 values; with the codes that are made of them a block stays in the second-level cache.
constexpr std::uint64_t kBlockBytes = 128 << 10;
constexpr double kLeastLength = 1e-12;

[[noreturn]] void throw_not_finite(const RowSource& source, std::int64_t first_row,
                                   std::span<const float> values) {
  const auto bad = std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
  const std::int64_t index = bad - values.begin();
  const bool rounded =
      source.rule == ValueRule::f32_as_f16 || source.rule == ValueRule::bf16_as_f16;
  const bool scaled = !source.column_factors.empty() || !source.row_factors.empty();
  throw input_error(
      "{} holds {} at row {}, column {}; weights must be finite{}, so the checkpoint is damaged or "
      "its dtype too narrow; --allow_nonfinite bakes it as NNCF does.",
      source.tensor->name, std::isnan(*bad) ? "NaN" : "an infinity",
      first_row + index / source.columns, index % source.columns,
      scaled    ? " once AWQ has scaled them"
      : rounded ? " once they are rounded to float16, as config.json's dtype asks"
                : "");
}

std::uint64_t value_bytes(const RowSource& source) {
  return static_cast<std::uint64_t>(source.columns) * sizeof(float);
}

std::int64_t rows_in_block(const RowSource& source, std::int64_t rows, std::int64_t alignment) {
  return std::min(rows, rows_of(kBlockBytes, value_bytes(source), alignment));
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

RowSource row_source(const PlannedTensor& planned) {
  return {.tensor = planned.source,
          .rule = value_rule(planned.source->dtype, planned.cast_dtype),
          .columns = planned.weight.columns(),
          .transposed = planned.tensor.transposed,
          .unit_rows = planned.tensor.unit_rows};
}

std::int64_t rows_of(std::uint64_t bytes, std::uint64_t row_bytes, std::int64_t alignment) {
  const auto rows = static_cast<std::int64_t>(bytes / row_bytes);
  return std::max(alignment, rows / alignment * alignment);
}

std::uint64_t reader_memory(const RowSource& source, std::int64_t rows, std::int64_t alignment) {
  const std::uint64_t stored = static_cast<std::uint64_t>(rows) * source.row_bytes();
  const auto block = static_cast<std::uint64_t>(rows_in_block(source, rows, alignment));
  return (source.transposed ? 2 : 1) * stored + block * value_bytes(source);
}

void RowReader::fetch(const RowSource& source, std::int64_t first_row, std::int64_t rows) {
  const std::uint64_t row_bytes = source.row_bytes();
  const auto first = static_cast<std::uint64_t>(first_row);
  stored_.resize(static_cast<std::size_t>(rows) * row_bytes);
  if (!source.transposed) {
    checkpoint_.read(*source.tensor, first * row_bytes, stored_);
    return;
  }
  const std::uint64_t element_bytes = stored_bytes(source.rule);
  const auto columns = static_cast<std::size_t>(source.columns);
  const std::uint64_t column_bytes = source.tensor->bytes / columns;
  const std::uint64_t part_bytes = static_cast<std::uint64_t>(rows) * element_bytes;
  turned_.resize(stored_.size());
  for (std::size_t column = 0; column < columns; ++column) {
    checkpoint_.read(*source.tensor, column * column_bytes + first * element_bytes,
                     std::span(turned_).subspan(column * part_bytes, part_bytes));
  }
  const auto turn = element_bytes == 2 ? transpose<std::uint16_t> : transpose<std::uint32_t>;
  turn(turned_, columns, stored_);
}

bool RowReader::multiply(const RowSource& source, const RowBlock& block) {
  if (source.column_factors.empty() && source.row_factors.empty()) return true;
  const auto columns = static_cast<std::size_t>(source.columns);
  bool finite = true;
  for (std::size_t row = 0; row < static_cast<std::size_t>(block.rows); ++row) {
    std::span<const float> factors = source.column_factors;
    if (factors.empty()) {
      const auto index = static_cast<std::size_t>(block.first_row) + row;
      row_of_factors_.assign(columns, source.row_factors[index]);
      factors = row_of_factors_;
    }
    finite =
        multiply_values(source.rule, factors, std::span(values_).subspan(row * columns, columns)) &&
        finite;
  }
  return finite;
}

void RowReader::divide_by_lengths(const RowSource& source, std::span<float> values) {
  const auto columns = static_cast<std::size_t>(source.columns);
  for (; !values.empty(); values = values.subspan(columns)) {
    const std::span<float> row = values.first(columns);
    row_of_factors_.assign(columns, 1 / length(row));
    multiply_values(source.rule, row_of_factors_, row);
  }
}

void RowReader::read(const RowSource& source, std::int64_t first_row, std::int64_t rows,
                     std::int64_t alignment, const std::function<void(const RowBlock&)>& visit) {
  const std::uint64_t row_bytes = source.row_bytes();
  fetch(source, first_row, rows);

  const std::int64_t block_rows = rows_in_block(source, rows, alignment);
  values_.resize(static_cast<std::size_t>(block_rows * source.columns));
  for (std::int64_t done = 0; done < rows; done += block_rows) {
    const std::int64_t count = std::min(block_rows, rows - done);
    const std::span values(values_.data(), static_cast<std::size_t>(count * source.columns));
    const std::span stored(stored_);
    const bool finite = read_values(source.rule,
                                    stored.subspan(static_cast<std::size_t>(done) * row_bytes,
                                                   static_cast<std::size_t>(count) * row_bytes),
                                    values);
    const RowBlock block{.first_row = first_row + done, .rows = count, .values = values.data()};
    const bool taken = finite || allow_nonfinite_;
    if (taken && source.unit_rows) divide_by_lengths(source, values);
    if (!taken || !multiply(source, block)) throw_not_finite(source, block.first_row, values);
    visit(block);
  }
}

}  // namespace ovbake
