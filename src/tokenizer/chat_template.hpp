// The Jinja templates that make a prompt of a conversation.
#pragma once

#include <map>
#include <string>

#include "source/small_files.hpp"

namespace ovbake {

/// The template that transformers and GenAI take: of chat_template.jinja before chat_template.json
/// before processor_config.json before tokenizer_config.json, each of which may be absent; of
/// several named ones "default". Empty where there is none.
std::string read_chat_template(const SmallFiles& checkpoint);

/// The others by their names ("tool_use", "rag"): those of additional_chat_templates/, or, where
/// neither that nor chat_template.jinja is there, those that tokenizer_config.json lists. Throws an
/// input error for a name that no file can have.
std::map<std::string, std::string> read_named_chat_templates(const SmallFiles& checkpoint);

}  // namespace ovbake
