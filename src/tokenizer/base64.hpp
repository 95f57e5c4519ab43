// Base64, as tokenizer files carry bytes in text.
#pragma once

#include <string>
#include <string_view>

namespace ovbake {

/// The bytes that standard base64 with padding spells. Throws an input error for anything else.
std::string from_base64(std::string_view text);

std::string to_base64(std::string_view bytes);

}  // namespace ovbake
