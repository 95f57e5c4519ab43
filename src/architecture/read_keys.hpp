// Which keys of config.json published code can read, as evidence for what may be passed over.
#pragma once

#include <string_view>

namespace ovbake {

enum class KeyReading {
  never,    ///< All code of the family is known, and none of it asks for the key.
  unknown,  ///< No code that is known asks for it, but checkpoints bring code of their own.
  read,
};

/// Whether code of the family (by the first of its model_types) can read a key of config.json or of
/// a section of it, with an effect on logits.
KeyReading key_reading(std::string_view family, std::string_view key);

}  // namespace ovbake
