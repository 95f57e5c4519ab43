#include "tokenizer/chat_template.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/text.hpp"
#include "tokenizer/description.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = "additional_chat_templates";
constexpr const char* kDefault = "default";
constexpr const char* kJinja = "chat_template.jinja";

/// By name; a single one is the default.
std::map<std::string, std::string> templates_in(const SmallFiles& checkpoint, const char* file) {
  const Json config = checkpoint.has(file) ? checkpoint.json(file) : Json::object();
  const Json found = config.is_object() ? config.value("chat_template", Json()) : Json();
  if (found.is_null()) return {};
  if (found.is_string()) return {{kDefault, found.get<std::string>()}};
  if (!found.is_array()) {
    throw input_error("chat_template in {} is neither a text nor a list; correct or remove it.",
                      checkpoint.path_of(file).string());
  }
  std::map<std::string, std::string> templates;
  for (const Json& named : found) templates[text_of(named, "name")] = text_of(named, "template");
  return templates;
}

std::map<std::string, std::string> templates_in_folder(const SmallFiles& checkpoint) {
  std::map<std::string, std::string> templates;
  for (const fs::path name : names_in(checkpoint.folder() / kFolder)) {
    if (name.extension() != ".jinja") continue;
    templates[name.stem().string()] =
        checkpoint.text((kFolder / name).string(), kMaxChatTemplateBytes);
  }
  return templates;
}

void require_file_name(const std::string& name) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-. ";
  if (!name.empty() && name[0] != '.' && name.find_first_not_of(kAllowed) == name.npos) return;
  throw input_error(
      "tokenizer_config.json has a chat template by the name of {}, which no file can have; rename "
      "it.",
      quote(name));
}

}  // namespace

std::string read_chat_template(const SmallFiles& checkpoint) {
  if (checkpoint.has(kJinja)) return checkpoint.text(kJinja, kMaxChatTemplateBytes);
  for (const char* file :
       {"chat_template.json", "processor_config.json", "tokenizer_config.json"}) {
    const auto templates = templates_in(checkpoint, file);
    if (const auto found = templates.find(kDefault); found != templates.end()) return found->second;
  }
  return {};
}

std::map<std::string, std::string> read_named_chat_templates(const SmallFiles& checkpoint) {
  if (is_folder(checkpoint.folder() / kFolder)) return templates_in_folder(checkpoint);
  if (checkpoint.has(kJinja)) return {};
  std::map<std::string, std::string> templates = templates_in(checkpoint, "tokenizer_config.json");
  templates.erase(kDefault);
  for (const auto& [name, text] : templates) require_file_name(name);
  return templates;
}

}  // namespace ovbake
