#include "tokenizer/chat_template.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "tokenizer/description.hpp"

namespace ovbake {
namespace {

std::string template_in(const SmallFiles& files, const char* name) {
  const Json config = files.has(name) ? files.read_json(name) : Json::object();
  const auto found = config.find("chat_template");
  if (found == config.end() || found->is_null()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (!found->is_array()) {
    throw input_error("chat_template in {} is neither a text nor a list; correct or remove it.",
                      files.path_of(name));
  }
  for (const Json& named : *found) {
    if (named.is_object() && named.value("name", Json()) == "default") {
      return text_of(named, "template");
    }
  }
  return {};
}

}  // namespace

std::string read_chat_template(const SmallFiles& files) {
  constexpr const char* kJinja = "chat_template.jinja";
  if (files.has(kJinja)) return files.read(kJinja, kMaxChatTemplateBytes);
  for (const char* file :
       {"chat_template.json", "processor_config.json", "tokenizer_config.json"}) {
    std::string text = template_in(files, file);
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace ovbake
