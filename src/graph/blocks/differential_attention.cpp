// Differential attention: what half of the heads attend to, minus what the other half do.
#include <openvino/op/exp.hpp>
#include <openvino/op/reduce_sum.hpp>
#include <openvino/op/subtract.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value paired_values(const Value& value, std::int64_t heads) {
  const Value first = slice(value, 0, heads / 2, 1);
  const Value second = slice(value, heads / 2, heads, 1);
  return concat({concat({first, first}, 1), concat({second, second}, 1)}, 3);
}

Value Blocks::difference(const HeadDifferences& differences, const Value& attended,
                         std::int64_t heads) {
  const auto power = [&](const TensorRef& query, const TensorRef& key) {
    const Value product = make<ov::op::v1::Multiply>(weights_(query), weights_(key));
    return make<ov::op::v0::Exp>(make<ov::op::v1::ReduceSum>(product, vector_i64({0}), false));
  };
  const Value lambda = make<ov::op::v1::Add>(
      make<ov::op::v1::Subtract>(power(differences.lambda_q1, differences.lambda_k1),
                                 power(differences.lambda_q2, differences.lambda_k2)),
      scalar_f32(static_cast<float>(differences.lambda_init)));
  const Value taken = make<ov::op::v1::Multiply>(slice(attended, heads / 2, heads, 1), lambda);
  const Value left = make<ov::op::v1::Subtract>(slice(attended, 0, heads / 2, 1), taken);
  return scaled(norm(Norm(differences.norm), left), 1 - differences.lambda_init);
}

}  // namespace ovbake
