#include "tokenizer/charsmap.hpp"

#include <clocale>
#include <cstdint>
#include <cstring>
#include <cwctype>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace ovbake {
namespace {

constexpr std::uint32_t kIsValue = 1u << 31;
constexpr std::uint32_t kHasValue = 1u << 8;
constexpr std::size_t kBlockUnits = 256;

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
    for (std::size_t place = first_free_;; ++place) {
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

struct Utf8Locale {
  locale_t handle = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  Utf8Locale() {
    if (!handle) throw environment_error("the locale C.UTF-8 is missing; it comes with glibc.");
  }
  ~Utf8Locale() { freelocale(handle); }
};

CharsMap make_lowercase_map() {
  const Utf8Locale locale;
  CharsMap map;
  for (char32_t c = 'A'; c <= 0x1FFFF; ++c) {
    const auto lower = static_cast<char32_t>(towlower_l(static_cast<wint_t>(c), locale.handle));
    if (lower == c) continue;
    std::string key;
    append_character(key, c);
    append_character(map[key], lower);
  }
  map["\u0130"] = "i\u0307";  // the one character whose lower case is two
  return map;
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

const CharsMap& lowercase_map() {
  static const CharsMap map = make_lowercase_map();
  return map;
}

}  // namespace ovbake
