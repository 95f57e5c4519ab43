// The name of a JSON value, for headers that only pass it on: what reads one includes
// base/json.hpp, whose templates are slow to compile.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace ovbake {

using Json = nlohmann::ordered_json;

}  // namespace ovbake
