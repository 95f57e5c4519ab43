// Values as text: what Python's str(), repr() and json.dumps() make of them.
#pragma once

#include <optional>
#include <string>

#include "jinja/value.hpp"

namespace ovbake::jinja {

std::string to_text(Budget& budget, const Value& value);
std::string repr(Budget& budget, const Value& value);

struct JsonStyle {
  bool ensure_ascii = false;
  bool sort_keys = false;
  /// What one level is moved in by; nothing: all on one line.
  std::optional<std::string> indent{};
  std::string between_items = ", ";
  std::string after_key = ": ";
};

std::string to_json(Budget& budget, const Value& value, const JsonStyle& style);

}  // namespace ovbake::jinja
