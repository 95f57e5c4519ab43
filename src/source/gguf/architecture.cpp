#include "source/gguf/architecture.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace ovbake {

GgufModel::GgufModel(const GgufMetadata& metadata, const std::vector<StoredTensor>& tensors,
                     ReadNumbers read)
    : metadata_(metadata),
      tensors_(tensors),
      read_(std::move(read)),
      prefix_(metadata.text("general.architecture") + ".") {}

std::int64_t GgufModel::uniform(std::string_view name) const {
  const std::vector<std::int64_t> values = metadata_.integers(key(name));
  const bool same = std::ranges::all_of(values, [&](auto value) { return value == values[0]; });
  if (values.empty() || !same) {
    throw input_error("{}: {} differs between layers, which cannot be baked.", metadata_.where(),
                      key(name));
  }
  return values[0];
}

const StoredTensor* GgufModel::find(std::string_view tensor) const {
  const auto found = std::ranges::find(tensors_, tensor, &StoredTensor::name);
  return found == tensors_.end() ? nullptr : &*found;
}

std::optional<std::vector<float>> GgufModel::numbers(std::string_view tensor) const {
  constexpr std::uint64_t kMostBytes = 64 << 10;
  const StoredTensor* found = find(tensor);
  if (found == nullptr) return std::nullopt;
  if (found->dtype != "F32" || found->shape.size() != 1 || found->bytes > kMostBytes) {
    throw input_error("{}: {} is {} {}, where a short list of F32 is needed.", metadata_.where(),
                      quote(tensor), found->dtype, to_string(found->shape));
  }
  return read_(*found);
}

const GgufArchitecture& find_gguf_architecture(const GgufMetadata& metadata) {
  const std::string name = metadata.text("general.architecture");
  const auto found = std::ranges::find_if(gguf_architectures(),
                                          [&](const auto* one) { return one->name == name; });
  if (found != gguf_architectures().end()) return **found;
  std::vector<std::string_view> known;
  for (const GgufArchitecture* one : gguf_architectures()) known.push_back(one->name);
  throw input_error(
      "{}: general.architecture {} is not one that can be baked from GGUF; known are {}. The "
      "model's own safetensors may do.",
      metadata.where(), quote(name), fmt::join(known, ", "));
}

}  // namespace ovbake
