// JSON of tens of megabytes, read without a tree in memory.
#pragma once

#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/json.hpp"
#include "source/small_files.hpp"

namespace ovbake {

/// The text of a tokenizer's file, which must outlive it. Throws an input error for one that is too
/// large.
simdjson::padded_string_view load_document(const SmallFile& file);

/// A member's own text as a small tree. JSON null and an absent key give null.
Json small_json(simdjson::ondemand::object& object, std::string_view key);

}  // namespace ovbake
