#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/stop.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::uint64_t kMaxMemberBytes = 4 << 20;

/// The characters of a JSON text, of which only a piece is in memory. It counts them, so that an
/// error can say where it is and a member without end is noticed before it fills the memory.
class Characters {
 public:
  Characters(std::string_view text, std::string_view where)
      : piece_(text), where_(where), member_limit_(std::numeric_limits<std::uint64_t>::max()) {
    look_for_constant();
  }

  Characters(const RandomAccess& file, std::uint64_t offset, std::uint64_t bytes)
      : file_(&file),
        offset_(offset),
        unread_(bytes),
        where_(file.name()),
        member_limit_(kMaxMemberBytes) {
    refill();
  }

  Characters(const Characters&) = delete;
  Characters& operator=(const Characters&) = delete;

  const std::string& where() const { return where_; }
  std::uint64_t position() const { return position_; }
  bool at_end() const { return piece_.empty(); }

  /// The value where the string that was read last stands for one that JSON has no word for.
  std::optional<double> take_constant() { return std::exchange(constant_read_, std::nullopt); }
  void member_ended() { member_begin_ = position_; }

  char front() const {
    if (constant_ != nullptr) return '"';
    // The library takes a NUL for the end and would not see what follows it.
    if (piece_.front() == '\0') {
      throw input_error("{} is not valid JSON: byte {} of it is a NUL.", where_, position_);
    }
    return piece_.front();
  }

  void pop_front() {
    if (constant_ != nullptr) return pop_constant();
    note_string(piece_.front());
    ++position_;
    if (position_ - member_begin_ > member_limit_) {
      throw input_error("{} has a JSON member of more than {} bytes, which no checkpoint needs.",
                        where_, member_limit_);
    }
    piece_.remove_prefix(1);
    if (piece_.empty()) refill();
    look_for_constant();
  }

 private:
  /// A number as Python's json writes it. The parser is given an empty string in its place.
  struct Constant {
    std::string_view word;
    double value;
  };
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
  static constexpr std::array<Constant, 3> kConstants{
      {{"NaN", std::numeric_limits<double>::quiet_NaN()},
       {"Infinity", kInfinity},
       {"-Infinity", -kInfinity}}};

  void note_string(char next) {
    if (is_escaped_) {
      is_escaped_ = false;
    } else if (next == '"') {
      in_string_ = !in_string_;
    } else {
      is_escaped_ = in_string_ && next == '\\';
    }
  }

  void look_for_constant() {
    if (in_string_) return;
    for (const Constant& constant : kConstants) {
      if (piece_.starts_with(constant.word)) constant_ = &constant;
    }
  }

  /// Takes the opening quote, or the closing one and with it the word.
  void pop_constant() {
    is_opened_ = !is_opened_;
    if (is_opened_) return;
    constant_read_ = constant_->value;
    position_ += constant_->word.size();
    piece_.remove_prefix(constant_->word.size());
    constant_ = nullptr;
    if (piece_.empty()) refill();
    look_for_constant();
  }

  void refill() {
    const std::size_t bytes = std::min<std::uint64_t>(unread_, buffer_.size());
    if (bytes == 0) return;
    file_->read(offset_, std::as_writable_bytes(std::span(buffer_).first(bytes)));
    offset_ += bytes;
    unread_ -= bytes;
    piece_ = {buffer_.data(), bytes};
  }

  const RandomAccess* file_ = nullptr;
  std::uint64_t offset_ = 0;
  std::uint64_t unread_ = 0;
  std::array<char, 1 << 14> buffer_;
  std::string_view piece_;
  std::string where_;
  std::uint64_t position_ = 0;
  std::uint64_t member_begin_ = 0;
  std::uint64_t member_limit_;
  bool in_string_ = false;
  bool is_escaped_ = false;
  const Constant* constant_ = nullptr;  ///< At the front.
  bool is_opened_ = false;              ///< Its first quote was taken.
  std::optional<double> constant_read_;
};

/// Characters as the JSON library wants them; one that points to nothing is the end.
class Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  explicit Iterator(Characters* characters = nullptr) : characters_(characters) {}
  char operator*() const { return characters_->front(); }
  Iterator& operator++() {
    characters_->pop_front();
    return *this;
  }
  friend bool operator==(const Iterator& a, const Iterator& b) { return a.ended() == b.ended(); }

 private:
  bool ended() const { return characters_ == nullptr || characters_->at_end(); }

  Characters* characters_;
};

/// Builds a Json from the library's events. With `take`, members of the outermost object are handed
/// over as they are finished, instead of being kept.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(Characters& characters, const TakeMember* take) : characters_(characters), take_(take) {}

  bool null() override { return add_scalar(nullptr); }
  bool boolean(bool value) override { return add_scalar(value); }
  bool number_integer(std::int64_t value) override { return add_scalar(value); }
  bool number_unsigned(std::uint64_t value) override { return add_scalar(value); }
  bool number_float(double value, const std::string&) override { return add_scalar(value); }
  bool string(std::string& value) override {
    if (const auto constant = characters_.take_constant()) return add_scalar(*constant);
    return add_scalar(std::move(value));
  }
  bool binary(Json::binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    keys_.emplace_back();
    return begin(Json::object());
  }
  bool end_object() override {
    keys_.pop_back();
    return end();
  }
  bool start_array(std::size_t) override { return begin(Json::array()); }
  bool end_array() override { return end(); }

  bool key(std::string& name) override {
    check_stop();
    if (characters_.take_constant()) {
      throw input_error("{} is not valid JSON: a number stands for a key at byte {}.",
                        characters_.where(), characters_.position());
    }
    if (!keys_.back().insert(name).second) {
      throw input_error("{} has the key {} twice in one object, the second time at byte {}.",
                        characters_.where(), quote(name), characters_.position());
    }
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const Json::exception& error) override {
    const std::string_view what = error.what();
    throw input_error("{} is not valid JSON: {}.", characters_.where(),
                      escape(what.substr(what.find(']') + 2)));
  }

  Json take() && { return std::move(root_); }

 private:
  template <typename Value>
  bool add_scalar(Value&& value) {
    add(std::forward<Value>(value));
    return finished();
  }

  bool begin(Json&& container) {
    open_.push_back(&add(std::move(container)));
    if (open_.size() > kMaxDepth) {
      throw input_error("{} is nested deeper than {} levels at byte {}.", characters_.where(),
                        kMaxDepth, characters_.position());
    }
    return true;
  }

  bool end() {
    open_.pop_back();
    return finished();
  }

  /// Appends to objects directly: keys are known to differ, and the library's own search for an
  /// equal one would make a large object take quadratic time.
  Json& add(Json&& value) {
    if (open_.empty()) return root_ = std::move(value);
    if (open_.back()->is_array()) {
      return open_.back()->get_ref<Json::array_t&>().emplace_back(std::move(value));
    }
    return members(*open_.back()).emplace_back(std::move(key_), std::move(value)).second;
  }

  bool finished() {
    if (take_ != nullptr && open_.size() == 1 && root_.is_object()) {
      auto& [name, value] = members(root_).back();
      (*take_)(std::string(name), std::move(value));
      members(root_).clear();
      characters_.member_ended();
    }
    return true;
  }

  static Json::object_t::Container& members(Json& object) {
    return object.get_ref<Json::object_t&>();
  }

  Characters& characters_;
  const TakeMember* take_;
  Json root_;
  std::vector<Json*> open_;
  std::vector<std::unordered_set<std::string>> keys_;
  std::string key_;
};

Json parse(Characters&& characters, const TakeMember* take) {
  Builder builder(characters, take);
  Json::sax_parse(Iterator(&characters), Iterator(), &builder);
  return std::move(builder).take();
}

}  // namespace

Json parse_json(std::string_view text, std::string_view where) {
  return parse(Characters(text, where), nullptr);
}

Json read_json(const std::filesystem::path& path, std::uint64_t max_bytes) {
  return parse_json(read_text(path, max_bytes), path.string());
}

void for_each_member(const RandomAccess& file, std::uint64_t offset, std::uint64_t bytes,
                     const TakeMember& take) {
  if (!parse(Characters(file, offset, bytes), &take).is_object()) {
    throw input_error("{} holds JSON that is no object, at byte {}.", file.name(), offset);
  }
}

}  // namespace ovbake
