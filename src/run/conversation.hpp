// A conversation as the text that a baked model was taught to read.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include <ovbake/ovbake.hpp>

namespace ovbake {

/// `messages` in the words of chat_template.jinja in `genai_folder`, up to where the model's answer
/// begins, with the special tokens of tokenizer_config.json. Throws an input error where there is
/// no template or it does not take them, a usage error where a message is not UTF-8.
std::string write_conversation(const std::filesystem::path& genai_folder,
                               std::span<const Message> messages);

}  // namespace ovbake
