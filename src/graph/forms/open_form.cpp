#include "graph/forms/open_form.hpp"

#include <openvino/op/less_eq.hpp>
#include <openvino/op/subtract.hpp>

namespace ovbake {

std::optional<Value> OpenForm::causal() const {
  const Value query = dimension(input_ids(), 1);
  const Value total = dimension(attention_mask(), 1);
  const Value first = make<ov::op::v1::Subtract>(total, query);
  const Value key = range(vector_i64({0}), total);
  return make<ov::op::v1::LessEqual>(key, unsqueeze(range(first, total), 1));
}

}  // namespace ovbake
