#include "source/gguf/metadata.hpp"

#include <utility>

#include "base/error.hpp"

namespace ovbake {

bool GgufMetadata::add(std::string key, GgufValue value) {
  return values_.emplace(std::move(key), std::move(value)).second;
}

const GgufValue* GgufMetadata::find(std::string_view key) const {
  mark_read(key);
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

template <typename Value>
const Value& GgufMetadata::get(std::string_view key, std::string_view wanted) const {
  const GgufValue* found = find(key);
  if (found == nullptr) throw input_error("{} has no {}, which is needed.", where_, quote(key));
  const auto* value = std::get_if<Value>(found);
  if (value == nullptr) {
    throw input_error("{} has another kind of value for {}, where {} is needed.", where_,
                      quote(key), wanted);
  }
  return *value;
}

std::int64_t GgufMetadata::integer(std::string_view key) const {
  return get<std::int64_t>(key, "an integer");
}

std::int64_t GgufMetadata::integer(std::string_view key, std::int64_t fallback) const {
  return find(key) == nullptr ? fallback : integer(key);
}

std::optional<std::int64_t> GgufMetadata::optional_integer(std::string_view key) const {
  if (find(key) == nullptr) return std::nullopt;
  return integer(key);
}

double GgufMetadata::number(std::string_view key) const {
  const GgufValue* found = find(key);
  const auto* integer = found == nullptr ? nullptr : std::get_if<std::int64_t>(found);
  return integer != nullptr ? static_cast<double>(*integer) : get<double>(key, "a number");
}

double GgufMetadata::number(std::string_view key, double fallback) const {
  return find(key) == nullptr ? fallback : number(key);
}

bool GgufMetadata::flag(std::string_view key, bool fallback) const {
  return find(key) == nullptr ? fallback : get<bool>(key, "true or false");
}

std::string GgufMetadata::text(std::string_view key) const {
  return get<std::string>(key, "a text");
}

std::string GgufMetadata::text(std::string_view key, std::string_view fallback) const {
  return find(key) == nullptr ? std::string(fallback) : text(key);
}

const StringList& GgufMetadata::texts(std::string_view key) const {
  return get<StringList>(key, "an array of texts");
}

std::vector<std::int64_t> GgufMetadata::integers(std::string_view key) const {
  const GgufValue* found = find(key);
  if (found != nullptr && std::holds_alternative<std::int64_t>(*found)) return {integer(key)};
  return get<std::vector<std::int64_t>>(key, "an array of integers");
}

std::vector<double> GgufMetadata::numbers(std::string_view key) const {
  const GgufValue* found = find(key);
  const auto* whole = found == nullptr ? nullptr : std::get_if<std::vector<std::int64_t>>(found);
  if (whole != nullptr) return {whole->begin(), whole->end()};
  return get<std::vector<double>>(key, "an array of numbers");
}

std::vector<std::string> GgufMetadata::unread_keys(std::string_view prefix) const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : values_) {
    if (key.starts_with(prefix) && !read_.contains(key)) keys.push_back(key);
  }
  return keys;
}

}  // namespace ovbake
