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
  const WeightRows weight = plan_.at(tensor.name).rows();
  const std::int64_t rows = rows_of(kChunkBytes, weight.row_bytes(), weight.rows_together());
  RowReader reader(checkpoint_);
  for (std::int64_t done = 0; done < weight.rows; done += rows) {
    reader.read(weight, done, std::min(rows, weight.rows - done), [&](const RowBlock& block) {
      next = std::copy_n(block.values, block.rows * weight.columns, next);
    });
  }
  const auto constant = std::make_shared<ov::op::v0::Constant>(values);
  constant->set_friendly_name(tensor.name);
  return constant;
}

}  // namespace ovbake
