#include "tokenizer/vocabulary.hpp"

#include <functional>
#include <limits>

#include "base/error.hpp"

namespace ovbake {

void Vocabulary::add(std::string_view token, std::int64_t id) {
  if (id < 0 || id > kMaxId) {
    throw input_error("the token \"{}\" has the id {}, which is outside 0 … {}", token, id, kMaxId);
  }
  if (has(static_cast<TokenId>(id))) {
    throw input_error("the tokens \"{}\" and \"{}\" have the same id {}", (*this)[TokenId(id)],
                      token, id);
  }
  if (chars_.size() + token.size() > std::numeric_limits<std::int32_t>::max()) {
    throw input_error("the tokens of the vocabulary take more than 2 GB");
  }
  if (static_cast<std::size_t>(id) >= spans_.size())
    spans_.resize(static_cast<std::size_t>(id) + 1);
  spans_[static_cast<std::size_t>(id)] = {static_cast<std::uint32_t>(chars_.size()),
                                          static_cast<std::uint32_t>(token.size()), true};
  chars_.append(token);
  if (2 * ++tokens_ > index_.size()) {
    grow_index();
  } else {
    index_[slot_of(token)] = static_cast<TokenId>(id);
  }
}

bool Vocabulary::has(TokenId id) const noexcept {
  return id >= 0 && static_cast<std::size_t>(id) < spans_.size() &&
         spans_[static_cast<std::size_t>(id)].used;
}

std::string_view Vocabulary::operator[](TokenId id) const {
  if (!has(id)) return {};
  const Span& span = spans_[static_cast<std::size_t>(id)];
  return std::string_view(chars_).substr(span.begin, span.bytes);
}

std::optional<TokenId> Vocabulary::find(std::string_view token) const {
  if (index_.empty()) return std::nullopt;
  const TokenId id = index_[slot_of(token)];
  return id < 0 ? std::nullopt : std::optional(id);
}

std::size_t Vocabulary::slot_of(std::string_view token) const {
  const std::size_t mask = index_.size() - 1;
  std::size_t slot = std::hash<std::string_view>()(token) & mask;
  while (index_[slot] >= 0 && (*this)[index_[slot]] != token) slot = (slot + 1) & mask;
  return slot;
}

void Vocabulary::grow_index() {
  index_.assign(std::max<std::size_t>(1024, 2 * index_.size()), -1);
  for (std::size_t id = 0; id < spans_.size(); ++id) {
    if (spans_[id].used) index_[slot_of((*this)[TokenId(id)])] = TokenId(id);
  }
}

}  // namespace ovbake
