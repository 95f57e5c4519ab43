#include "architecture/family.hpp"

#include <algorithm>

#include "architecture/nearest_family.hpp"
#include "architecture/other_kinds.hpp"
#include "architecture/text_part.hpp"
#include "architecture/unread_keys.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "source/checkpoint.hpp"
#include "source/encoding.hpp"

namespace ovbake {
namespace {

[[noreturn]] void refuse_model_type(std::string_view model_type, const Config& config) {
  std::vector<std::string_view> known;
  for (const Family* family : families()) {
    known.insert(known.end(), family->model_types.begin(), family->model_types.end());
  }
  std::ranges::sort(known);
  throw input_error("{}; known are {}.", unknown_model_type(model_type, config),
                    fmt::join(known, ", "));
}

void refuse_unread_keys(const Config& config, const Decoder& decoder) {
  const std::vector<std::string> faults = objections(config, decoder.model_type);
  if (faults.empty()) return;
  throw input_error(
      "{}: {} may change what the model computes and is not understood for this model_type; a "
      "model that needs it cannot be baked yet, and --ignore_config_keys bakes it as if the key "
      "were not there.",
      config.where(), fmt::join(faults, ", "));
}

}  // namespace

std::string unknown_model_type(std::string_view model_type, const Config& config) {
  return fmt::format(
      "{}: model_type {} is not a family that can be baked{}", config.where(), quote(model_type),
      config.has("auto_map") ? ", and the code that auto_map names for it is never executed" : "");
}

const Family* find_family(std::string_view model_type) {
  const auto found = std::ranges::find_if(families(), [&](const Family* family) {
    return std::ranges::find(family->model_types, model_type) != family->model_types.end() ||
           std::ranges::find(family->older_types, model_type) != family->older_types.end();
  });
  return found == families().end() ? nullptr : *found;
}

Decoder describe_as(std::string_view model_type, const Config& config) {
  if (const Family* family = find_family(model_type)) return family->describe(config);
  const std::optional<TextPart> part = find_text_part(config);
  if (!part) refuse_model_type(model_type, config);
  const Family* family = find_family(part->model_type);
  if (family == nullptr) refuse_model_type(part->model_type, part->config);
  return family->describe(part->config);
}

Decoder describe(const Config& config) {
  Decoder decoder = describe_as(config.text("model_type"), config);
  find_encoding(config);  // reads what it says of matrices
  refuse_unread_keys(config, decoder);
  return decoder;
}

Decoder describe(const Checkpoint& checkpoint) {
  refuse_other_kinds(checkpoint);
  const Config& config = checkpoint.config();
  const std::string model_type = config.text("model_type");
  if (find_family(model_type) != nullptr) return describe(config);
  if (find_text_part(config)) {
    Decoder decoder = describe(config);
    tie_as_part(decoder, config, stores_head(checkpoint));
    return decoder;
  }
  const std::string nearest = nearest_families(model_type, checkpoint);
  if (nearest.empty()) return describe(config);
  throw input_error("{}; the nearest are {}.", unknown_model_type(model_type, config), nearest);
}

}  // namespace ovbake
