#include "compression/plan.hpp"

#include <algorithm>
#include <stdexcept>

namespace ovbake {

WeightRows PlannedTensor::rows() const {
  return {.storage = &storage,
          .loaded_as = cast_dtype,
          .rows = weight.rows(),
          .columns = weight.columns(),
          .alignment = row_alignment(weight, format->layout(weight)),
          .unit_rows = tensor.unit_rows,
          .product_dtype = exported_dtype};
}

bool PlannedTensor::is_moved() const {
  const auto* coded = std::get_if<WeightFormat::Coded>(&format->rounding);
  const std::optional<StoredGrid>& stored = storage.grid;
  const bool is_scaled = awq.has_value() || tensor.unit_rows;
  return coded != nullptr && stored && !is_scaled && coded->grid.holds(stored->grid) &&
         weight.group_size == stored->group_size;
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
