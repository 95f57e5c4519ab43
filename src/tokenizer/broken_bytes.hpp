// Bytes that a decoder puts together into text, where they may not be UTF-8: U+FFFD stands for them
// as the `tokenizers` library has it. UTF8Validate counts otherwise and lets surrogates through.
#pragma once

#include <string>

#include "tokenizer/operations.hpp"

namespace ovbake {

/// A token without NUL, which the operations lose; the functions below give it back.
std::string nul_safe_bytes(const std::string& bytes);
std::string nul_safe_text(const std::string& text);

/// Raw bytes → text: one U+FFFD for each longest beginning of a character that breaks off, and for
/// each other byte that fits nowhere (Rust's from_utf8_lossy).
Strings bytes_to_text(const Strings& bytes);

/// Text with byte placeholders → text: a run of them that is UTF-8 becomes that, and one that is
/// not becomes U+FFFD for every byte of it, ASCII too (the ByteFallback decoder).
Strings placeholders_to_text(const Strings& text);

}  // namespace ovbake
