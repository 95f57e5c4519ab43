#include "architecture/description/tensor.hpp"

namespace ovbake {

std::string StackLayout::name_of(std::int64_t matrix) const {
  if (!is_numbered()) return name;
  return std::string(name).replace(name.find('*'), 1, std::to_string(matrix));
}

Shape TensorRef::stored_shape() const { return transposed ? Shape{shape[1], shape[0]} : shape; }

}  // namespace ovbake
