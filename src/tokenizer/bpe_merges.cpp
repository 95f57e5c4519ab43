#include "tokenizer/bpe_merges.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace ovbake {
namespace {

constexpr std::size_t kMaxTokenBytes = 1 << 14;

class Merger {
 public:
  explicit Merger(const BpeModel& model) : model_(model) {
    ranks_.reserve(model.merges.size());
    for (std::size_t rank = 0; rank < model.merges.size(); ++rank) {
      ranks_[key(model.merges[rank].left, model.merges[rank].right)] = rank;
    }
  }

  bool reaches(TokenId token) {
    if (!split_into_characters(model_.vocabulary[token])) return false;
    pair_ranks_.clear();
    for (std::size_t i = 0; i + 1 < symbols_.size(); ++i) pair_ranks_.push_back(rank(i));
    while (merge_once()) {
    }
    return symbols_.size() == 1 && symbols_[0] == token;
  }

 private:
  static std::uint64_t key(TokenId left, TokenId right) {
    return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint32_t>(right);
  }

  bool split_into_characters(std::string_view token) {
    if (token.size() > kMaxTokenBytes) {
      throw input_error("a token has {} bytes; more than {} are not merged", token.size(),
                        kMaxTokenBytes);
    }
    symbols_.clear();
    while (!token.empty()) {
      const auto id = model_.vocabulary.find(token.substr(0, character_bytes(token[0])));
      if (!id) return false;
      symbols_.push_back(*id);
      take_character(token);
    }
    return true;
  }

  std::size_t rank(std::size_t i) const {
    const auto found = ranks_.find(key(symbols_[i], symbols_[i + 1]));
    return found == ranks_.end() ? kNone : found->second;
  }

  /// Merges the leftmost pair of the lowest rank.
  bool merge_once() {
    const auto best = std::ranges::min_element(pair_ranks_);
    if (best == pair_ranks_.end() || *best == kNone) return false;
    const auto at = static_cast<std::size_t>(best - pair_ranks_.begin());
    symbols_[at] = model_.merges[*best].result;
    symbols_.erase(symbols_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    pair_ranks_.erase(best);
    if (at > 0) pair_ranks_[at - 1] = rank(at - 1);
    if (at < pair_ranks_.size()) pair_ranks_[at] = rank(at);
    return true;
  }

  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  const BpeModel& model_;
  std::unordered_map<std::uint64_t, std::size_t> ranks_;
  std::vector<TokenId> symbols_;
  std::vector<std::size_t> pair_ranks_;  ///< Of symbols i and i + 1.
};

TokenId known(const Vocabulary& vocabulary, std::string_view token) {
  if (const auto id = vocabulary.find(token)) return *id;
  throw input_error("a merge names the token \"{}\", which the vocabulary lacks", token);
}

std::vector<Merge> merges_by_rank(const Vocabulary& vocabulary) {
  std::vector<Merge> merges;
  for (TokenId id = 0; id < static_cast<TokenId>(vocabulary.size()); ++id) {
    const std::string_view text = vocabulary[id];
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      const auto left = vocabulary.find(text.substr(0, cut));
      const auto right = left ? vocabulary.find(text.substr(cut)) : std::nullopt;
      if (right) merges.push_back({*left, *right, id});
    }
  }
  return merges;
}

}  // namespace

Merge merge_of(const BpeModel& model, std::string_view left, std::string_view right) {
  const std::string_view prefix = model.continuing_subword_prefix;
  std::string joined(left);
  joined.append(right.starts_with(prefix) ? right.substr(prefix.size()) : right);
  return {known(model.vocabulary, left), known(model.vocabulary, right),
          known(model.vocabulary, joined)};
}

Merge merge_of(const BpeModel& model, std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == line.npos || line.find(' ', space + 1) != line.npos) {
    throw input_error("the merge \"{}\" is no pair of tokens with one space between", line);
  }
  return merge_of(model, line.substr(0, space), line.substr(space + 1));
}

void set_ranked_steps(TokenizerDescription& d, Vocabulary vocabulary, std::string_view pattern) {
  BpeModel bpe;
  bpe.merges = merges_by_rank(vocabulary);
  bpe.vocabulary = std::move(vocabulary);
  bpe.ignore_merges = true;
  d.model = std::move(bpe);
  d.pre_tokenizers = {{{"type", "Split"},
                       {"pattern", {{"Regex", pattern}}},
                       {"behavior", "Isolated"},
                       {"invert", false}},
                      {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}};
  d.decoders = {{{"type", "ByteLevel"}}};
}

std::vector<bool> made_by_merges(const BpeModel& model) {
  std::vector<bool> made(model.vocabulary.size(), false);
  for (const Merge& merge : model.merges) made[static_cast<std::size_t>(merge.result)] = true;
  return made;
}

std::vector<TokenId> tokens_beyond_merges(const BpeModel& model) {
  Merger merger(model);
  std::vector<TokenId> tokens;
  for (TokenId id = 0; id < static_cast<TokenId>(model.vocabulary.size()); ++id) {
    if (!model.vocabulary[id].empty() && !merger.reaches(id)) tokens.push_back(id);
  }
  return tokens;
}

}  // namespace ovbake
