#include "source/stored_bytes.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "source/gguf/ggml_type.hpp"

namespace ovbake {
namespace {

/// Where row `row` lies among those of a tensor whose heads are interleaved.
std::uint64_t stored_row(const StoredTensor& tensor, std::uint64_t row) {
  const auto rows = static_cast<std::uint64_t>(tensor.shape[0] / tensor.interleaved_heads);
  const std::uint64_t within = row % rows;
  const std::uint64_t half = rows / 2;
  return row - within + 2 * (within % half) + within / half;
}

/// Elements that begin at `first` of the stored ones, from the blocks that hold them.
void read_blocks(const RandomAccess& file, const StoredTensor& tensor, std::uint64_t first,
                 std::span<std::byte> into) {
  const GgmlType& type = *tensor.blocks;
  const std::uint64_t count = into.size() / sizeof(float);
  const std::uint64_t begin = first / type.elements;
  const std::uint64_t end = (first + count + type.elements - 1) / type.elements;
  thread_local std::vector<std::byte> blocks;
  blocks.resize((end - begin) * type.bytes);
  file.read(tensor.offset + begin * type.bytes, blocks);
  if (first % type.elements == 0 && count % type.elements == 0) {
    return dequantize(type, blocks, {reinterpret_cast<float*>(into.data()), count});
  }
  std::vector<float> values((end - begin) * type.elements);
  dequantize(type, blocks, values);
  std::memcpy(into.data(), values.data() + (first - begin * type.elements), into.size());
}

/// In the order of the file.
void read_ordered(const RandomAccess& file, const StoredTensor& tensor, std::uint64_t offset,
                  std::span<std::byte> into) {
  if (tensor.blocks != nullptr) {
    read_blocks(file, tensor, offset / sizeof(float), into);
  } else {
    file.read(tensor.offset + offset, into);
  }
}

/// Rows that lie apart, one by one.
void read_interleaved(const RandomAccess& file, const StoredTensor& tensor, std::uint64_t offset,
                      std::span<std::byte> into) {
  const auto rows = static_cast<std::uint64_t>(tensor.shape[0]);
  const std::uint64_t row_bytes =
      tensor.blocks == nullptr
          ? tensor.bytes / rows
          : tensor.bytes / tensor.blocks->bytes * tensor.blocks->elements / rows * sizeof(float);
  while (!into.empty()) {
    const std::uint64_t within = offset % row_bytes;
    const auto piece = into.first(std::min<std::uint64_t>(into.size(), row_bytes - within));
    read_ordered(file, tensor, stored_row(tensor, offset / row_bytes) * row_bytes + within, piece);
    offset += piece.size();
    into = into.subspan(piece.size());
  }
}

void subtract(float added, std::span<std::byte> elements) {
  for (; !elements.empty(); elements = elements.subspan(sizeof(float))) {
    float value;
    std::memcpy(&value, elements.data(), sizeof(float));
    value -= added;
    std::memcpy(elements.data(), &value, sizeof(float));
  }
}

}  // namespace

void read_stored(const RandomAccess& file, const StoredTensor& tensor, std::uint64_t offset,
                 std::span<std::byte> into) {
  if (tensor.interleaved_heads != 0) return read_interleaved(file, tensor, offset, into);
  read_ordered(file, tensor, offset, into);
  if (tensor.added != 0) subtract(tensor.added, into);
}

}  // namespace ovbake
