#include "compression/plan.hpp"

#include <algorithm>
#include <stdexcept>

namespace ovbake {

RowSource PlannedTensor::rows() const {
  return {.storage = &storage,
          .rule = value_rule(storage.dtype(), cast_dtype),
          .rows = weight.rows(),
          .columns = weight.columns(),
          .unit_rows = tensor.unit_rows,
          .product_rule = value_rule(exported_dtype, exported_dtype)};
}

bool PlannedTensor::is_moved() const {
  return format->name == "mxfp4" && storage.dtype() == "MXFP4";
}

const PlannedConstant& PlannedTensor::codes() const {
  return *std::ranges::find(constants, element_count(tensor.shape),
                            [](const auto& constant) { return element_count(constant.shape); });
}

const PlannedConstant* PlannedTensor::awq_factors() const {
  return awq && awq->multiplies_input ? &constants.back() : nullptr;
}

const PlannedTensor& CompressionPlan::at(std::string_view name) const {
  const auto found = index_by_name.find(std::string(name));
  if (found == index_by_name.end()) {
    throw std::logic_error("the plan has no tensor named " + std::string(name));
  }
  return tensors[found->second];
}

}  // namespace ovbake
