// Unicode's normalization forms. The operation NormalizeUnicode neither orders combining marks nor
// composes across them, so the forms are put together from their definition (UAX #15): decompose,
// order, compose.
#pragma once

#include <string_view>

#include "tokenizer/text_operations.hpp"

namespace ovbake {

/// `form`: "NFC", "NFD", "NFKC" or "NFKD". Exact where a letter has at most seven combining marks
/// in a wrong order.
TextOperations unicode_form(std::string_view form);

/// Every character that Unicode writes in lower case differently, one by one (no final sigma rule).
CharsMap lowercase_map();

}  // namespace ovbake
