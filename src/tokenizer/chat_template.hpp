// The Jinja template that makes a prompt of a conversation.
#pragma once

#include <string>

#include "source/small_files.hpp"

namespace ovbake {

/// The template that transformers and GenAI take: of chat_template.jinja before chat_template.json
/// before processor_config.json before tokenizer_config.json, each of which may be absent; of
/// several named ones "default". Empty where there is none.
std::string read_chat_template(const SmallFiles& files);

}  // namespace ovbake
