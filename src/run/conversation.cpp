#include "run/conversation.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "jinja/chat_template.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSpecialTokens[] = {"bos_token", "eos_token", "unk_token", "sep_token",
                                          "pad_token", "cls_token", "mask_token"};

ChatTemplate read_template(const fs::path& file) {
  if (!is_there(file)) {
    throw input_error(
        "{} is not there, so a conversation cannot be written as the model expects it; give the "
        "prompt whole instead.",
        file.string());
  }
  return ChatTemplate(read_text(file, kMaxChatTemplateBytes), file.string());
}

/// Adds each special token that `file` names, "<s>" or {"content": "<s>", …}, and that is not
/// there.
void add_special_tokens(Json& variables, const fs::path& file) {
  if (!is_there(file)) return;
  const Json config = read_json(file);
  if (!config.is_object()) throw input_error("{} holds no JSON object.", file.string());
  for (const char* name : kSpecialTokens) {
    const Json token = config.value(name, Json());
    const Json text = token.is_object() ? token.value("content", Json()) : token;
    if (text.is_string() && !variables.contains(name)) variables[name] = text;
  }
}

}  // namespace

std::string write_conversation(const fs::path& genai_folder, std::span<const Message> messages) {
  const ChatTemplate chat_template = read_template(genai_folder / "chat_template.jinja");
  Json turns = Json::array();
  for (const Message& message : messages) {
    if (!is_valid_utf8(message.role) || !is_valid_utf8(message.content)) {
      throw usage_error("A message of the conversation is not valid UTF-8; give it as UTF-8.");
    }
    turns.push_back({{"role", message.role}, {"content", message.content}});
  }
  Json variables{{"messages", std::move(turns)},
                 {"tools", nullptr},
                 {"documents", nullptr},
                 {"add_generation_prompt", true}};
  add_special_tokens(variables, genai_folder / "tokenizer_config.json");
  add_special_tokens(variables, genai_folder / "special_tokens_map.json");
  return chat_template.render(variables);
}

}  // namespace ovbake
