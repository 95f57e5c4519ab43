// GPT-2's spelling of bytes: every byte has a printable character, and a byte-level vocabulary is
// written in those.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ovbake {

/// The bytes that a token spells; nothing where a character of it stands for no byte.
std::optional<std::string> spelled_bytes(std::string_view token);

/// The token that spells `bytes`.
std::string spell_bytes(std::string_view bytes);

/// What the ByteLevel decoder makes of a token: its bytes, or the token itself where it spells
/// none.
std::string decoded_bytes(std::string_view token);

/// The split that ByteLevel does itself where use_regex is set, as Oniguruma reads it.
inline constexpr std::string_view kGpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
/// The same behind a step that has cut out each number, or each digit, to be put in front of it:
/// white space before one is at the end of its piece.
inline constexpr std::string_view kGpt2PatternBetweenDigits =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?![^\s\p{N}])|\s+)";

}  // namespace ovbake
