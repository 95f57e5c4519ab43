#include "graph/loaded_weights.hpp"

#include <algorithm>

#include <openvino/runtime/tensor.hpp>

#include "weights/row_reader.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kChunkBytes = 1 << 20;

}  // namespace

Value LoadedWeights::make_value(const TensorRef& tensor) {
  ov::Tensor values(ov::element::f32, ov::Shape(tensor.shape.begin(), tensor.shape.end()));
  auto* next = values.data<float>();
  const RowSource source = plan_.at(tensor.name).rows();
  const std::int64_t rows = rows_of(kChunkBytes, source.row_bytes(), source.rows_of_block());
  RowReader reader(checkpoint_);
  for (std::int64_t done = 0; done < source.rows; done += rows) {
    reader.read(source, done, std::min(rows, source.rows - done), 1, [&](const RowBlock& block) {
      next = std::copy_n(block.values, block.rows * source.columns, next);
    });
  }
  const auto constant = std::make_shared<ov::op::v0::Constant>(values);
  constant->set_friendly_name(tensor.name);
  return constant;
}

}  // namespace ovbake
