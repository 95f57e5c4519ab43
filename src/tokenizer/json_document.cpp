#include "tokenizer/json_document.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kMaxFileBytes = 512 << 20;

}  // namespace

simdjson::padded_string load_document(const std::filesystem::path& path) {
  const File file = File::open(path);
  if (file.size() > kMaxFileBytes) {
    throw input_error("{} has {} bytes; a tokenizer of more than {} MB is not read.", path.string(),
                      file.size(), kMaxFileBytes >> 20);
  }
  simdjson::padded_string text(static_cast<std::size_t>(file.size()));
  file.read(0, {reinterpret_cast<std::byte*>(text.data()), text.size()});
  return text;
}

Json small_json(simdjson::ondemand::object& object, std::string_view key) {
  auto field = object.find_field_unordered(key);
  if (field.error() == simdjson::NO_SUCH_FIELD) return nullptr;
  const std::string_view text = simdjson::to_json_string(field.value());
  return parse_json(text, key);
}

}  // namespace ovbake
