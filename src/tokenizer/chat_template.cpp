#include "tokenizer/chat_template.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "tokenizer/description.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

std::string template_in(const fs::path& file) {
  const Json config = fs::exists(file) ? read_json(file) : Json::object();
  const auto found = config.find("chat_template");
  if (found == config.end() || found->is_null()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (!found->is_array()) {
    throw input_error("chat_template in {} is neither a text nor a list; correct or remove it.",
                      file.string());
  }
  for (const Json& named : *found) {
    if (named.is_object() && named.value("name", Json()) == "default") {
      return text_of(named, "template");
    }
  }
  return {};
}

}  // namespace

std::string read_chat_template(const fs::path& folder) {
  const fs::path jinja = folder / "chat_template.jinja";
  if (fs::exists(jinja)) return read_text(jinja, kMaxChatTemplateBytes);
  for (const char* file :
       {"chat_template.json", "processor_config.json", "tokenizer_config.json"}) {
    std::string text = template_in(folder / file);
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace ovbake
