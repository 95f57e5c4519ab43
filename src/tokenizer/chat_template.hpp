// The Jinja template that makes a prompt of a conversation.
#pragma once

#include <filesystem>
#include <string>

namespace ovbake {

/// The template that transformers and GenAI take: of chat_template.jinja before chat_template.json
/// before processor_config.json before tokenizer_config.json, each of which may be absent; of
/// several named ones "default". Empty where there is none.
std::string read_chat_template(const std::filesystem::path& checkpoint_folder);

}  // namespace ovbake
