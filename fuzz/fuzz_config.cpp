// config.json: parsed, then every key asked for as every kind of value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <ovbake/error.hpp>

#include "base/json.hpp"
#include "source/config.hpp"

namespace {

using ovbake::Config;

template <typename Getter>
void ask(const Getter& getter) {
  try {
    getter();
  } catch (const ovbake::Error& error) {
    if (error.code() != ovbake::ErrorCode::input) std::abort();
  }
}

void ask_for_everything(const Config& config, const ovbake::Json& object) {
  for (const auto& member : object.items()) {
    const std::string& key = member.key();
    ask([&] { config.integer(key); });
    ask([&] { config.size(key); });
    ask([&] { config.number(key); });
    ask([&] { config.flag(key, true); });
    ask([&] { config.text(key); });
    ask([&] { config.numbers(key); });
    ask([&] { config.integers(key); });
    ask([&] { config.texts(key); });
    if (member.value().is_object()) ask_for_everything(config.section(key), member.value());
  }
  if (!config.unread_keys().empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  ask([&] {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const ovbake::Json json = ovbake::parse_json(text, "config.json");
    const Config config(json, "config.json");
    if (config.unread_keys().size() > json.size()) std::abort();
    ask_for_everything(config, json);
  });
  return 0;
}
