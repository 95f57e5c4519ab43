#include "weights/row_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "weights/fp8.hpp"

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
  const std::int64_t row = first_row + index / source.columns;
  const auto part = static_cast<std::size_t>(row / source.rows_of_part());
  const bool scaled = !source.column_factors.empty() || !source.row_factors.empty();
  throw input_error(
      "{} holds {} at row {}, column {}; weights must be finite{}, so the checkpoint is damaged or "
      "its dtype too narrow; --allow_nonfinite bakes it as NNCF does.",
      source.storage->parts[part].tensor->name, std::isnan(*bad) ? "NaN" : "an infinity",
      row % source.rows_of_part(), index % source.columns,
      scaled    ? " once AWQ has scaled them"
      : rounded ? " once they are rounded to float16, as config.json's dtype asks"
                : "");
}

/// That so many elements are, the last of which may be a part of one.
std::int64_t blocks(std::int64_t elements, std::int64_t size) {
  return (elements + size - 1) / size;
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

std::int64_t rows_of(std::uint64_t bytes, std::uint64_t row_bytes, std::int64_t alignment) {
  const auto rows = static_cast<std::int64_t>(bytes / row_bytes);
  return std::max(alignment, rows / alignment * alignment);
}

std::int64_t RowSource::rows_of_part() const {
  return rows / static_cast<std::int64_t>(storage->parts.size());
}

std::uint64_t RowSource::scale_row_bytes() const {
  if (storage->scales.empty()) return 0;
  if (rule == ValueRule::mxfp4) return static_cast<std::uint64_t>(columns / kMxfp4Elements);
  return static_cast<std::uint64_t>(blocks(columns, storage->block.columns)) * scale_bytes();
}

std::uint64_t RowSource::scale_bytes() const {
  return storage->scales.front().tensor->dtype == "F32" ? 4 : 2;
}

std::vector<PartRows> RowSource::parts_of(std::int64_t first_row, std::int64_t count) const {
  std::vector<PartRows> result;
  const std::int64_t in_part = rows_of_part();
  for (std::int64_t row = first_row; row < first_row + count; row += result.back().rows) {
    result.push_back({.part = static_cast<std::size_t>(row / in_part),
                      .first = row % in_part,
                      .rows = std::min(first_row + count - row, in_part - row % in_part)});
  }
  return result;
}

ByteRange RowSource::place_of(const PartRows& part) const {
  const std::uint64_t begin = bytes_of(storage->parts[part.part].first_element) +
                              static_cast<std::uint64_t>(part.first) * row_bytes();
  return {begin, begin + static_cast<std::uint64_t>(part.rows) * row_bytes()};
}

ByteRange RowSource::place_of_scales(const PartRows& part) const {
  const std::int64_t first = part.first / rows_of_block();
  const std::int64_t end = blocks(part.first + part.rows, rows_of_block());
  const std::uint64_t begin = storage->scales[part.part].first_element +
                              static_cast<std::uint64_t>(first) * scale_row_bytes();
  return {begin, begin + static_cast<std::uint64_t>(end - first) * scale_row_bytes()};
}

std::uint64_t reader_memory(const RowSource& source, std::int64_t rows, std::int64_t alignment) {
  const std::uint64_t stored = static_cast<std::uint64_t>(rows) * source.row_bytes();
  const std::uint64_t scales = static_cast<std::uint64_t>(rows) * source.scale_row_bytes();
  const auto block = static_cast<std::uint64_t>(rows_in_block(source, rows, alignment));
  return (source.storage->transposed ? 2 : 1) * stored + scales + block * value_bytes(source);
}

void RowReader::read_mxfp4(const RowSource& source, std::int64_t first_row, std::int64_t rows,
                           std::span<std::byte> blocks, std::span<std::byte> scales) {
  for (const PartRows& part : source.parts_of(first_row, rows)) {
    const ByteRange place = source.place_of(part);
    const ByteRange place_of_scales = source.place_of_scales(part);
    checkpoint_.read(*source.storage->parts[part.part].tensor, place.begin,
                     blocks.first(place.bytes()));
    checkpoint_.read(*source.storage->scales[part.part].tensor, place_of_scales.begin,
                     scales.first(place_of_scales.bytes()));
    blocks = blocks.subspan(place.bytes());
    scales = scales.subspan(place_of_scales.bytes());
  }
}

void RowReader::fetch(const RowSource& source, std::int64_t first_row, std::int64_t rows) {
  stored_.resize(static_cast<std::size_t>(rows) * source.row_bytes());
  if (source.rule == ValueRule::mxfp4) {
    scales_.resize(static_cast<std::size_t>(rows) * source.scale_row_bytes());
    return read_mxfp4(source, first_row, rows, stored_, scales_);
  }
  if (source.rule == ValueRule::fp8) fetch_block_scales(source, first_row, rows);
  std::span into(stored_);
  for (const PartRows& part : source.parts_of(first_row, rows)) {
    const ByteRange place = source.place_of(part);
    const auto piece = into.first(place.bytes());
    if (source.storage->transposed) {
      fetch_transposed(source, part, piece);
    } else {
      checkpoint_.read(*source.storage->parts[part.part].tensor, place.begin, piece);
    }
    into = into.subspan(place.bytes());
  }
}

void RowReader::fetch_block_scales(const RowSource& source, std::int64_t first_row,
                                   std::int64_t rows) {
  const std::size_t width = source.scale_row_bytes() / source.scale_bytes();
  block_scales_.clear();
  scale_begins_.clear();
  for (const PartRows& part : source.parts_of(first_row, rows)) {
    const ByteRange place = source.place_of_scales(part);
    const std::size_t before = block_scales_.size();
    block_scales_.resize(before + place.bytes() / source.scale_bytes());
    read_scales(*source.storage->scales[part.part].tensor, place,
                std::span(block_scales_).subspan(before));
    const std::int64_t first_block = part.first / source.rows_of_block();
    for (std::int64_t row = part.first; row < part.first + part.rows; ++row) {
      const auto block = static_cast<std::size_t>(row / source.rows_of_block() - first_block);
      scale_begins_.push_back(before + block * width);
    }
  }
}

void RowReader::read_scales(const StoredTensor& tensor, const ByteRange& place,
                            std::span<float> scales) {
  if (tensor.dtype == "F32") {
    return checkpoint_.read(tensor, place.begin, std::as_writable_bytes(scales));
  }
  scales_.resize(place.bytes());
  checkpoint_.read(tensor, place.begin, scales_);
  read_values(value_rule(tensor.dtype, tensor.dtype), scales_, scales);
}

void RowReader::fetch_transposed(const RowSource& source, const PartRows& rows,
                                 std::span<std::byte> into) {
  const StoredRows& part = source.storage->parts[rows.part];
  const auto columns = static_cast<std::size_t>(source.columns);
  const std::uint64_t stride = source.bytes_of(static_cast<std::uint64_t>(source.storage->stride));
  const std::uint64_t begin =
      source.bytes_of(part.first_element + static_cast<std::uint64_t>(rows.first));
  const std::size_t piece = into.size() / columns;
  turned_.resize(into.size());
  for (std::size_t column = 0; column < columns; ++column) {
    checkpoint_.read(*part.tensor, begin + column * stride,
                     std::span(turned_).subspan(column * piece, piece));
  }
  const auto turn = source.bytes_of(1) == 2 ? transpose<std::uint16_t> : transpose<std::uint32_t>;
  turn(turned_, columns, into);
}

bool RowReader::multiply(const RowSource& source, const RowBlock& block) {
  if (source.column_factors.empty() && source.row_factors.empty()) return true;
  const auto columns = static_cast<std::size_t>(source.columns);
  bool finite = true;
  for (std::size_t row = 0; row < static_cast<std::size_t>(block.rows); ++row) {
    const auto index = static_cast<std::size_t>(block.first_row) + row;
    std::span<const float> factors = source.column_factors;
    if (factors.empty()) {
      row_of_factors_.assign(columns, source.row_factors[index]);
      factors = row_of_factors_;
    } else {
      const std::size_t part = index / static_cast<std::size_t>(source.rows_of_part());
      factors = factors.subspan(part * columns, columns);
    }
    finite = multiply_values(source.product_rule, factors,
                             std::span(values_).subspan(row * columns, columns)) &&
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

bool RowReader::take_fp8(const RowSource& source, std::int64_t done, std::int64_t rows) {
  const auto columns = static_cast<std::size_t>(source.columns);
  const std::size_t width = source.scale_row_bytes() / source.scale_bytes();
  bool finite = true;
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
    const std::size_t index = static_cast<std::size_t>(done) + row;
    finite = read_fp8_row(std::span(stored_).subspan(index * columns, columns),
                          std::span(block_scales_).subspan(scale_begins_[index], width),
                          source.storage->block.columns,
                          std::span(values_).subspan(row * columns, columns)) &&
             finite;
  }
  return finite;
}

bool RowReader::take_values(const RowSource& source, std::int64_t done, std::int64_t rows) {
  if (source.rule == ValueRule::fp8) return take_fp8(source, done, rows);
  const auto before = static_cast<std::size_t>(done);
  const auto count = static_cast<std::size_t>(rows);
  const auto part_of = [&](std::span<const std::byte> all, std::uint64_t row_bytes) {
    return all.subspan(before * row_bytes, count * row_bytes);
  };
  const auto stored = part_of(stored_, source.row_bytes());
  if (source.rule != ValueRule::mxfp4) return read_values(source.rule, stored, values_);
  return ovbake::read_mxfp4(stored, part_of(scales_, source.scale_row_bytes()), values_);
}

void RowReader::read(const RowSource& source, std::int64_t first_row, std::int64_t rows,
                     std::int64_t alignment, const std::function<void(const RowBlock&)>& visit) {
  fetch(source, first_row, rows);

  const std::int64_t block_rows = rows_in_block(source, rows, alignment);
  for (std::int64_t done = 0; done < rows; done += block_rows) {
    const std::int64_t count = std::min(block_rows, rows - done);
    values_.resize(static_cast<std::size_t>(count * source.columns));
    const bool finite = take_values(source, done, count);
    const RowBlock block{.first_row = first_row + done, .rows = count, .values = values_.data()};
    const bool taken = finite || allow_nonfinite_;
    if (taken && source.unit_rows) divide_by_lengths(source, values_);
    if (!taken || !multiply(source, block)) throw_not_finite(source, block.first_row, values_);
    visit(block);
  }
}

}  // namespace ovbake
