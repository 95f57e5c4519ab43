#include "architecture/description/decoder.hpp"

#include <set>

namespace ovbake {

void for_each_tensor(const Decoder& decoder, const std::function<void(const TensorRef&)>& visit) {
  std::set<std::string_view> seen;  // a tied weight counts once
  walk(decoder, [&](const TensorRef& tensor) {
    if (seen.insert(tensor.name).second) visit(tensor);
  });
}

}  // namespace ovbake
