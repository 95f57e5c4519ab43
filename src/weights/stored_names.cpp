#include "weights/stored_names.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace ovbake {
namespace {

/// "model." of "model.embed_tokens.weight", where the layers have it too; else nothing.
std::string root_of(const Decoder& decoder) {
  const std::string& embedding = decoder.embed_tokens.name;
  const std::string root = embedding.substr(0, embedding.find('.') + 1);
  return decoder.layers.empty() || decoder.layers.front().name.starts_with(root) ? root : "";
}

/// Whether `name` is `ending`, or ends in it behind a dot.
bool ends_in(std::string_view name, std::string_view ending) {
  if (!name.ends_with(ending)) return false;
  name.remove_suffix(ending.size());
  return name.empty() || name.back() == '.';
}

/// The names below `root` of what the description needs, without it: "layers.0.mlp.up_proj.weight".
std::vector<std::string> tails(const Decoder& decoder, const std::string& root) {
  std::vector<std::string> result;
  for_each_tensor(decoder, [&](const TensorRef& tensor) {
    const std::string name =
        tensor.layouts.empty() ? tensor.name : tensor.layouts.front().name_of(0);
    if (name.starts_with(root)) result.push_back(name.substr(root.size()));
  });
  return result;
}

/// What stands before `tail` in stored names that end in it.
void add_prefixes(const std::string& tail, const Checkpoint& checkpoint,
                  std::set<std::string>& prefixes) {
  for (const StoredTensor& stored : checkpoint.tensors()) {
    if (ends_in(stored.name, tail)) {
      prefixes.insert(stored.name.substr(0, stored.name.size() - tail.size()));
    }
  }
}

/// The prefix under which most of `tails` are stored; `root` where none is better.
std::string best_prefix(const std::string& root, const std::vector<std::string>& tails,
                        const Checkpoint& checkpoint) {
  std::set<std::string> prefixes;
  if (!tails.empty()) {
    add_prefixes(tails.front(), checkpoint, prefixes);
    add_prefixes(tails[tails.size() / 2], checkpoint, prefixes);
  }
  const auto count = [&](const std::string& prefix) {
    return std::ranges::count_if(
        tails, [&](const std::string& tail) { return checkpoint.find(prefix + tail) != nullptr; });
  };
  std::string best = root;
  auto most = count(root);
  for (const std::string& prefix : prefixes) {
    if (const auto stored = count(prefix); stored > most) {
      best = prefix;
      most = stored;
    }
  }
  return best;
}

}  // namespace

StoredNames::StoredNames(const Decoder& decoder, const Checkpoint& checkpoint)
    : checkpoint_(checkpoint),
      tied_table_(decoder.tie_word_embeddings() ? decoder.embed_tokens.name : ""),
      root_(root_of(decoder)) {
  prefix_ = best_prefix(root_, tails(decoder, root_), checkpoint);
  for (const std::string name :
       {"lm_head.weight", "embed_out.weight", "output_projection.weight"}) {
    if (head_ == nullptr) head_ = find_beside(name);
  }
}

const StoredTensor* StoredNames::find(const std::string& name) const {
  const bool is_rooted = !root_.empty() && name.starts_with(root_);
  const StoredTensor* stored =
      is_rooted ? checkpoint_.find(prefix_ + name.substr(root_.size())) : find_beside(name);
  return stored == nullptr && name == tied_table_ ? head_ : stored;
}

/// A head stands beside the model ("lm_head" next to "model") or further out, at a place whose path
/// is a part of the model's own; the innermost wins. A head elsewhere ("mtp.lm_head") is not its.
const StoredTensor* StoredNames::find_beside(const std::string& name) const {
  std::set<std::string> places{""};
  add_prefixes(name, checkpoint_, places);
  const StoredTensor* found = nullptr;
  std::size_t depth = 0;
  for (const std::string& place : places) {
    const bool is_on_the_way = ("." + prefix_).find("." + place) != std::string::npos;
    const StoredTensor* stored = is_on_the_way ? checkpoint_.find(place + name) : nullptr;
    if (stored == nullptr || (found != nullptr && place.size() < depth)) continue;
    found = stored;
    depth = place.size();
  }
  return found;
}

std::optional<std::string> StoredNames::described(std::string_view name) const {
  if (!name.starts_with(prefix_)) return std::nullopt;
  return root_ + std::string(name.substr(prefix_.size()));
}

}  // namespace ovbake
