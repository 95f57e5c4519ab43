// What a chat template writes that reads like a special token.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ovbake {

/// "<|im_start|>", "<｜User｜>", "<start_of_turn>": every such text in `chat_template`, once each,
/// in the order in which they come. Texts that are put together of parts are not among them.
std::vector<std::string> tokens_written_by(std::string_view chat_template);

}  // namespace ovbake
