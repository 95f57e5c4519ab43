#include "tokenizer/json_document.hpp"

#include "base/file.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kMaxFileBytes = 512 << 20;

}  // namespace

simdjson::padded_string_view load_document(const SmallFile& file) {
  static_assert(kTextPadding >= simdjson::SIMDJSON_PADDING);
  const std::string& text = file.text(kMaxFileBytes);
  return simdjson::padded_string_view(text.data(), text.size(), text.size() + kTextPadding);
}

Json small_json(simdjson::ondemand::object& object, std::string_view key) {
  auto field = object.find_field_unordered(key);
  if (field.error() == simdjson::NO_SUCH_FIELD) return nullptr;
  const std::string_view text = simdjson::to_json_string(field.value());
  return parse_json(text, key);
}

}  // namespace ovbake
