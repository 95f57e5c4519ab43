// SHA-256 of a whole file.
#pragma once

#include <string>

#include "base/file.hpp"

namespace ovbake {

/// 64 lower-case hexadecimal digits, as `sha256sum` prints them.
std::string sha256(const File& file);

}  // namespace ovbake
