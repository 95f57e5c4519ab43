// Tokens by id and ids by token, in flat memory: one buffer of characters and two arrays.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ovbake {

using TokenId = std::int32_t;

class Vocabulary {
 public:
  /// Ids beyond this are refused: a table is kept for every id up to the highest.
  static constexpr TokenId kMaxId = (1 << 24) - 1;

  /// Throws an input error for an id that is negative, too large or taken.
  void add(std::string_view token, std::int64_t id);

  /// One more than the highest id.
  std::size_t size() const noexcept { return spans_.size(); }
  /// How many tokens there are; fewer than size() where ids are left out.
  std::size_t count() const noexcept { return tokens_; }
  bool has(TokenId id) const noexcept;
  /// Empty where no token has this id. Valid until the next add().
  std::string_view operator[](TokenId id) const;
  std::optional<TokenId> find(std::string_view token) const;

 private:
  struct Span {
    std::uint32_t begin = 0, bytes = 0;
    bool used = false;
  };
  void grow_index();
  std::size_t slot_of(std::string_view token) const;

  std::string chars_;
  std::vector<Span> spans_;
  std::vector<TokenId> index_;  ///< Open addressing, a power of two long; -1 is free.
  std::size_t tokens_ = 0;
};

}  // namespace ovbake
