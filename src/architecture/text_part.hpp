// The text model of a checkpoint that also sees or hears, such as gemma3's: config.json has a
// text_config, the tensors of the text model have a prefix, and the others have no use here.
#pragma once

#include "architecture/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// text_config where `root` has one, else `root` itself. `defaults` are those of the text model.
Config text_part(const Config& root, Defaults defaults);

/// Lets the tensors of a text model have the names that they have as a part, and others be there.
void name_as_part(Decoder& decoder, const Config& root);

}  // namespace ovbake
