#include "tokenizer/charsmap.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace ovbake {
namespace {

constexpr std::uint32_t kIsValue = 1u << 31;
constexpr std::uint32_t kHasValue = 1u << 8;
constexpr std::size_t kBlockUnits = 256, kSearchedUnits = 4096;

/// A node of the trie: its children by byte; byte 0 leads to the value of a key that ends here.
struct Node {
  std::map<std::uint8_t, std::size_t> children;
  std::uint32_t value = 0;
};

std::vector<Node> trie_of(const CharsMap& map, std::string& replacements) {
  std::vector<Node> nodes(1);
  for (const auto& [key, replacement] : map) {
    std::size_t node = 0;
    for (const char byte : key + '\0') {
      const auto [child, created] =
          nodes[node].children.try_emplace(static_cast<std::uint8_t>(byte), nodes.size());
      node = child->second;
      if (created) nodes.emplace_back();
    }
    nodes[node].value = static_cast<std::uint32_t>(replacements.size());
    replacements.append(replacement).push_back('\0');
  }
  return nodes;
}

/// Lays the trie out: a child by byte c of the unit at p lies at base(p) ^ c.
class DoubleArray {
 public:
  explicit DoubleArray(const std::vector<Node>& nodes)
      : nodes_(nodes), units_(kBlockUnits, kIsValue) {
    taken_.assign(kBlockUnits, false);
    taken_[0] = true;
    bases_.insert(0);  // from where NUL would lead to the root
    units_[0] = 0;
    place_children(0, 0);
  }

  std::string bytes() const {
    std::string text(units_.size() * sizeof(std::uint32_t), '\0');
    std::memcpy(text.data(), units_.data(), text.size());
    return text;
  }

 private:
  void place_children(std::size_t node, std::size_t position) {
    const auto& children = nodes_[node].children;
    const std::size_t base = find_base(children);
    bases_.insert(base);
    const auto offset = static_cast<std::uint32_t>(base ^ position);
    if (offset >> 21) throw input_error("a character map is too large");
    units_[position] |= offset << 10;
    for (const auto& [byte, child] : children) taken_[base ^ byte] = true;
    for (const auto& [byte, child] : children) {
      if (byte == 0) {
        units_[position] |= kHasValue;
        units_[base] = nodes_[child].value | kIsValue;
      } else {
        units_[base ^ byte] = byte;
        place_children(child, base ^ byte);
      }
    }
  }

  /// A base that no other node has, with every place free that the children need.
  std::size_t find_base(const std::map<std::uint8_t, std::size_t>& children) {
    const std::uint8_t first = children.begin()->first;
    while (taken_[first_free_]) {
      if (++first_free_ == taken_.size()) grow();
    }
    // Further back it is so full that the search would cost more than the room is worth.
    const std::size_t recent = taken_.size() - std::min(taken_.size(), kSearchedUnits);
    for (std::size_t place = std::max(first_free_, recent);; ++place) {
      if (place == taken_.size()) grow();
      const std::size_t base = place ^ first;
      if (!taken_[place] && !bases_.contains(base) && all_free(base, children)) return base;
    }
  }

  bool all_free(std::size_t base, const std::map<std::uint8_t, std::size_t>& children) const {
    for (const auto& [byte, child] : children) {
      if (taken_[base ^ byte]) return false;
    }
    return true;
  }

  void grow() {
    units_.resize(units_.size() + kBlockUnits, kIsValue);
    taken_.resize(units_.size(), false);
  }

  const std::vector<Node>& nodes_;
  std::vector<std::uint32_t> units_;
  std::vector<bool> taken_;
  std::set<std::size_t> bases_;
  std::size_t first_free_ = 1;
};

/// A double array that may be anything.
class PrecompiledMap {
 public:
  explicit PrecompiledMap(std::string_view blob) {
    std::uint32_t size = 0;
    if (blob.size() < sizeof size) refuse();
    std::memcpy(&size, blob.data(), sizeof size);
    blob.remove_prefix(sizeof size);
    if (size > blob.size() || size % sizeof(std::uint32_t) != 0 || size == 0) refuse();
    units_.resize(size / sizeof(std::uint32_t));
    std::memcpy(units_.data(), blob.data(), size);
    replacements_ = blob.substr(size);
  }

  /// The longest key that `text` begins with, by its length, and its replacement.
  std::pair<std::size_t, std::string_view> match(std::string_view text) const {
    std::pair<std::size_t, std::string_view> best{0, {}};
    std::size_t base = offset(unit(0));
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<std::uint8_t>(text[i]);
      const std::size_t child = base ^ byte;
      if (byte == 0 || (unit(child) & (kIsValue | 0xFF)) != byte) break;
      base = child ^ offset(unit(child));
      if (unit(child) & kHasValue) best = {i + 1, replacement(unit(base) & ~kIsValue)};
    }
    return best;
  }

 private:
  [[noreturn]] static void refuse() {
    throw input_error("a precompiled_charsmap is malformed; take the original tokenizer file");
  }

  static std::size_t offset(std::uint32_t unit) { return (unit >> 10) << ((unit & kWide) >> 6); }

  std::uint32_t unit(std::size_t position) const {
    if (position >= units_.size()) refuse();
    return units_[position];
  }

  std::string_view replacement(std::size_t begin) const {
    const std::size_t end = replacements_.find('\0', begin);
    if (end == replacements_.npos) refuse();
    return replacements_.substr(begin, end - begin);
  }

  static constexpr std::uint32_t kWide = 1u << 9;
  std::vector<std::uint32_t> units_;
  std::string_view replacements_;
};

std::pair<std::size_t, std::string_view> match(const CharsMap& map, std::string_view text) {
  std::pair<std::size_t, std::string_view> best{0, {}};
  for (std::size_t bytes = 1; bytes <= text.size(); ++bytes) {
    const std::string_view key = text.substr(0, bytes);
    const auto next = map.lower_bound(key);
    if (next == map.end() || !next->first.starts_with(key)) break;
    if (next->first == key) best = {bytes, next->second};
  }
  return best;
}

template <typename Match>
std::string replace_all_matches(std::string_view text, Match longest_match) {
  std::string result;
  while (!text.empty()) {
    const auto [bytes, replacement] = longest_match(text);
    const std::string_view one = text.substr(0, character_bytes(text[0]));
    result.append(bytes == 0 ? one : replacement);
    text.remove_prefix(bytes == 0 ? one.size() : bytes);
  }
  return result;
}

}  // namespace

std::string compile_charsmap(const CharsMap& map) {
  std::string replacements;
  const std::vector<Node> nodes = trie_of(map, replacements);
  const std::string array = DoubleArray(nodes).bytes();
  const auto size = static_cast<std::uint32_t>(array.size());
  std::string blob(sizeof size, '\0');
  std::memcpy(blob.data(), &size, sizeof size);
  return blob + array + replacements;
}

std::string replace_by(const CharsMap& map, std::string_view text) {
  return replace_all_matches(text, [&](std::string_view rest) { return match(map, rest); });
}

std::string replace_by(std::string_view precompiled, std::string_view text) {
  const PrecompiledMap map(precompiled);
  return replace_all_matches(text, [&](std::string_view rest) { return map.match(rest); });
}

}  // namespace ovbake
