// Chat templates: parsed, then rendered with a conversation.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <ovbake/error.hpp>

#include "base/json.hpp"
#include "jinja/chat_template.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const ovbake::Json variables = ovbake::parse_json(
      R"({"messages": [{"role": "system", "content": "Be \u00e9."}, {"role": "user", "content": "Hi"}],
          "tools": [{"function": {"name": "f", "parameters": {"a": [1, 2.5, null, true]}}}],
          "documents": null, "add_generation_prompt": true, "bos_token": "<s>"})",
      "variables");
  try {
    const std::string_view source(reinterpret_cast<const char*>(bytes), size);
    ovbake::ChatTemplate(source, "template").render(variables, 0);
  } catch (const ovbake::Error& error) {
    if (error.code() != ovbake::ErrorCode::input) std::abort();
  }
  return 0;
}
