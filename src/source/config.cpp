#include "source/config.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <iterator>
#include <limits>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "source/small_files.hpp"

namespace ovbake {

struct Config::Document {
  Json root;
  std::string file;
  /// Values that a getter returned, and the objects among them whose keys count one by one.
  std::unordered_set<const Json*> read;
  std::unordered_set<const Json*> opened;
  std::deque<Json> defaults;
  std::deque<std::vector<OlderKey>> older_keys;
};

namespace {

constexpr std::uint64_t kMaxConfigBytes = 4 << 20;

const std::vector<OlderKey> kNoOlderKeys;

/// Where a value stands, for an error about it.
struct Place {
  const std::string& file;
  std::string path;
};

/// "the number 3.5", "an array"
std::string describe(const Json& value) {
  if (value.is_number_float() && !std::isfinite(value.get<double>())) {
    return fmt::format("the number {}", value.get<double>());
  }
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  if (value.is_string()) return "the string " + quote(value.get_ref<const std::string&>());
  return fmt::format("the {} {}", value.is_number() ? "number" : "value", value.dump());
}

Error wrong_kind(const Json& value, const Place& place, std::string_view wanted) {
  return input_error("{} has {} for {}, where {} is needed.", place.file, describe(value),
                     quote(place.path), wanted);
}

std::int64_t to_integer(const Json& value, const Place& place) {
  const bool fits = value.is_number_integer() &&
                    !(value.is_number_unsigned() &&
                      value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max());
  if (!fits) throw wrong_kind(value, place, "an integer of 64 bits");
  return value.get<std::int64_t>();
}

double to_number(const Json& value, const Place& place) {
  if (!value.is_number()) throw wrong_kind(value, place, "a number");
  const auto number = value.get<double>();
  if (!std::isfinite(number)) throw wrong_kind(value, place, "a finite number");
  return number;
}

/// Throws for a number of which no model can be made, whatever the family: what is added to a
/// variance, and the base of rotary frequencies, which graphs have as f32.
void require_sense(std::string_view key, double number, const Json& value, const Place& place) {
  if ((key.ends_with("eps") || key.ends_with("epsilon")) && !(number >= 0 && number <= 1)) {
    throw wrong_kind(value, place, "a number from 0 to 1");
  }
  const bool is_base =
      key.ends_with("rope_theta") || key.ends_with("base_freq") || key.ends_with("rotary_emb_base");
  if (is_base && !(number > 0 && number < std::numeric_limits<float>::max())) {
    throw wrong_kind(value, place, "a positive number that fits into 32 bits");
  }
}

std::string to_text(const Json& value, const Place& place) {
  if (!value.is_string()) throw wrong_kind(value, place, "a string");
  return value.get<std::string>();
}

bool to_flag(const Json& value, const Place& place) {
  if (!value.is_boolean()) throw wrong_kind(value, place, "true or false");
  return value.get<bool>();
}

/// An integer in [1, limit].
std::int64_t to_positive(const Json& value, const Place& place, std::int64_t limit) {
  if (!value.is_number_integer() || value < 1 || value > limit) {
    throw wrong_kind(value, place, fmt::format("an integer from 1 to {}", limit));
  }
  return value.get<std::int64_t>();
}

template <typename Element>
std::vector<Element> to_list(const Json& value, const Place& place,
                             Element (*to_element)(const Json&, const Place&)) {
  if (!value.is_array()) throw wrong_kind(value, place, "an array");
  std::vector<Element> list;
  for (const Json& element : value) {
    list.push_back(
        to_element(element, {place.file, fmt::format("{}[{}]", place.path, list.size())}));
  }
  return list;
}

Json to_json(const Defaults& defaults) {
  Json object = Json::object();
  for (const Default& entry : defaults) {
    std::visit(
        [&](const auto& held) {
          if constexpr (std::is_same_v<decltype(held), const Defaults&>) {
            object[entry.key] = to_json(held);
          } else {
            object[entry.key] = held;
          }
        },
        entry.value);
  }
  return object;
}

}  // namespace

Config::Config(Json object, std::string where)
    : document_(std::make_shared<Document>(
          Document{std::move(object), std::move(where), {}, {}, {}, {}})),
      object_(&document_->root) {
  if (!object_->is_object()) {
    throw input_error("{} holds {}, where an object is needed.", document_->file,
                      describe(*object_));
  }
}

Config::Config(std::shared_ptr<Document> document, const Json* object, std::string path,
               const Json* defaults, const std::vector<OlderKey>* older_keys)
    : document_(std::move(document)),
      object_(object),
      defaults_(defaults),
      older_keys_(older_keys),
      path_(std::move(path)) {}

Config Config::with_defaults(const Defaults& defaults) const {
  Json values = to_json(defaults);
  if (defaults_ != nullptr) values.update(*defaults_);
  document_->defaults.push_back(std::move(values));
  return {document_, object_, path_, &document_->defaults.back(), older_keys_};
}

Config Config::with_older_keys(std::vector<OlderKey> keys) const {
  document_->older_keys.push_back(std::move(keys));
  return {document_, object_, path_, defaults_, &document_->older_keys.back()};
}

Config Config::load(const std::filesystem::path& checkpoint_folder) {
  return load_config(checkpoint_folder);
}

Config load_config(const SmallFiles& checkpoint) {
  if (!checkpoint.has("config.json")) {
    throw input_error(
        "{} has no config.json; MODEL must be a folder with the files of a Hugging Face "
        "checkpoint.",
        checkpoint.folder().string());
  }
  return {checkpoint.json("config.json", kMaxConfigBytes),
          checkpoint.path_of("config.json").string()};
}

std::string Config::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

std::string Config::where() const {
  return path_.empty() ? document_->file : fmt::format("{} ({})", document_->file, escape(path_));
}

const Json* Config::find(std::string_view key) const {
  const auto value_in = [](const Json& object, std::string_view name) -> const Json* {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
  };
  if (object_->contains(key)) return value_in(*object_, key);
  for (const auto& [today, older] : older_keys_ == nullptr ? kNoOlderKeys : *older_keys_) {
    if (today == key && object_->contains(older)) return value_in(*object_, older);
  }
  return defaults_ == nullptr ? nullptr : value_in(*defaults_, key);
}

const Json* Config::read(std::string_view key) const {
  const Json* value = find(key);
  if (value == nullptr) return nullptr;
  document_->read.insert(value);
  for (const auto& [today, older] : older_keys_ == nullptr ? kNoOlderKeys : *older_keys_) {
    const auto found = today == key ? object_->find(older) : object_->end();
    if (found != object_->end() && *found == *value) document_->read.insert(&*found);
  }
  return value;
}

const Json& Config::read_required(std::string_view key) const {
  const Json* value = read(key);
  if (value == nullptr) {
    throw input_error("{} has no {}, which is needed.", document_->file, quote(path_of(key)));
  }
  return *value;
}

bool Config::has(std::string_view key) const { return find(key) != nullptr; }

bool Config::is_list(std::string_view key) const {
  const Json* value = find(key);
  return value != nullptr && value->is_array();
}

bool Config::is_object(std::string_view key) const {
  const Json* value = find(key);
  return value != nullptr && value->is_object();
}

bool Config::is_flag(std::string_view key) const {
  const Json* value = find(key);
  return value != nullptr && value->is_boolean();
}

std::int64_t Config::integer(std::string_view key) const {
  return to_integer(read_required(key), {document_->file, path_of(key)});
}

std::int64_t Config::integer(std::string_view key, std::int64_t fallback) const {
  return has(key) ? integer(key) : fallback;
}

double Config::number(std::string_view key) const {
  const Json& value = read_required(key);
  const Place place{document_->file, path_of(key)};
  const double number = to_number(value, place);
  require_sense(key, number, value, place);
  return number;
}

double Config::number(std::string_view key, double fallback) const {
  return has(key) ? number(key) : fallback;
}

bool Config::flag(std::string_view key, bool fallback) const {
  const Json* value = read(key);
  return value == nullptr ? fallback : to_flag(*value, {document_->file, path_of(key)});
}

std::string Config::text(std::string_view key) const {
  return to_text(read_required(key), {document_->file, path_of(key)});
}

std::string Config::text(std::string_view key, std::string_view fallback) const {
  return has(key) ? text(key) : std::string(fallback);
}

std::vector<double> Config::numbers(std::string_view key) const {
  return to_list(read_required(key), {document_->file, path_of(key)}, to_number);
}

std::vector<std::int64_t> Config::integers(std::string_view key) const {
  return to_list(read_required(key), {document_->file, path_of(key)}, to_integer);
}

std::vector<std::string> Config::texts(std::string_view key) const {
  return to_list(read_required(key), {document_->file, path_of(key)}, to_text);
}

Config Config::section(std::string_view key) const {
  const Json& value = read_required(key);
  if (!value.is_object()) {
    throw wrong_kind(value, {document_->file, path_of(key)}, "an object");
  }
  document_->opened.insert(&value);
  return {document_, &value, path_of(key)};
}

std::vector<Config> Config::sections(std::string_view key) const {
  const Json& list = read_required(key);
  if (!list.is_array()) throw wrong_kind(list, {document_->file, path_of(key)}, "an array");
  document_->opened.insert(&list);
  std::vector<Config> result;
  for (const Json& element : list) {
    std::string path = fmt::format("{}[{}]", path_of(key), result.size());
    if (!element.is_object()) throw wrong_kind(element, {document_->file, path}, "an object");
    result.push_back({document_, &element, std::move(path)});
  }
  return result;
}

std::int64_t Config::size(std::string_view key) const {
  constexpr std::int64_t kLimit = std::numeric_limits<std::int32_t>::max();
  return to_positive(read_required(key), {document_->file, path_of(key)}, kLimit);
}

std::int64_t Config::size(std::string_view key, std::int64_t fallback) const {
  return has(key) ? size(key) : fallback;
}

std::int64_t Config::count(std::string_view key) const {
  return to_positive(read_required(key), {document_->file, path_of(key)}, 4096);
}

std::int64_t Config::count(std::string_view key, std::int64_t fallback) const {
  return has(key) ? count(key) : fallback;
}

void Config::mark_read(std::string_view key) const {
  const Json* value = read(key);
  if (value != nullptr) document_->opened.erase(value);
}

std::vector<std::string> Config::unread_own_keys() const {
  std::vector<std::string> unread;
  for (const auto& [key, value] : object_->items()) {
    if (!value.is_null() && !document_->read.contains(&value)) unread.push_back(key);
  }
  return unread;
}

std::vector<UnreadKey> Config::unread() const {
  std::vector<UnreadKey> unread;
  for (const auto& [key, value] : object_->items()) {
    if (value.is_null()) continue;
    if (!document_->read.contains(&value)) {
      unread.push_back({.path = path_of(key), .key = key, .value = &value, .section = object_});
    } else if (document_->opened.contains(&value)) {
      const std::vector<Config> below =
          value.is_array() ? sections(key) : std::vector{section(key)};
      for (const Config& one : below) std::ranges::move(one.unread(), std::back_inserter(unread));
    }
  }
  return unread;
}

std::vector<std::string> Config::unread_keys() const {
  std::vector<std::string> paths;
  for (UnreadKey& one : unread()) paths.push_back(std::move(one.path));
  return paths;
}

void Config::leave_out(const std::vector<std::string>& paths) const {
  std::vector<std::string> absent;
  for (const std::string& path : paths) {
    Json* object = &document_->root;
    std::string_view rest = path;
    for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      const auto found = object->find(rest.substr(0, dot));
      if (object->contains(rest) || found == object->end() || !found->is_object()) break;
      object = &*found;
      rest.remove_prefix(dot + 1);
    }
    if (object->erase(std::string(rest)) == 0) absent.push_back(quote(path));
  }
  if (absent.empty()) return;
  throw usage_error("{} has no key {}, which --ignore_config_keys names.", document_->file,
                    fmt::join(absent, ", "));
}

namespace {

template <typename Value, typename Understood>
void require(const Config& config, std::string_view key, const Value& value,
             const Understood& understood) {
  if (value == understood) return;
  throw input_error("{}: {} is {}, but only models with {} can be baked.", config.where(), key,
                    value, understood);
}

}  // namespace

void require_flag(const Config& config, std::string_view key, bool understood) {
  require(config, key, config.flag(key, understood), understood);
}

void require_integer(const Config& config, std::string_view key, std::int64_t understood) {
  require(config, key, config.integer(key, understood), understood);
}

void require_text(const Config& config, std::string_view key, std::string_view understood) {
  require(config, key, config.text(key, understood), understood);
}

}  // namespace ovbake
