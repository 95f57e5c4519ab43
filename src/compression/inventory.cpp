#include "compression/inventory.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/error.hpp"
#include "base/xxh3.hpp"

namespace ovbake {
namespace {

/// Endings of the names of buffers: values that a model computes anew from its config.json, which
/// old checkpoints store beside the weights.
constexpr auto kBuffers = std::to_array<std::string_view>({
    ".rotary_emb.inv_freq",
    ".rotary_emb.cos_cached",
    ".rotary_emb.sin_cached",
    ".attn.bias",
    ".attn.causal_mask",
    ".attn.masked_bias",
    ".attention.bias",
    ".attention.masked_bias",
    ".embed_positions.weights",
    ".position_ids",
});

bool is_buffer(std::string_view name) {
  return std::ranges::any_of(kBuffers, [&](auto ending) { return name.ends_with(ending); });
}

bool is_float(std::string_view dtype) {
  return dtype == "BF16" || dtype == "F16" || dtype == "F32";
}

constexpr auto kHeads = std::to_array<std::string_view>({
    "lm_head.weight",
    "embed_out.weight",
    "output_projection.weight",
});

/// Faults are listed up to this many; a wrong model_type makes thousands.
constexpr std::size_t kMaxFaults = 20;

class Faults {
 public:
  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    if (++count_ <= kMaxFaults) lines_ += "\n  " + fmt::format(format, std::forward<Args>(args)...);
  }

  void throw_any(const Checkpoint& checkpoint, std::string_view model_type) const {
    if (count_ == 0) return;
    const std::string rest =
        count_ > kMaxFaults ? fmt::format("\n  and {} more.", count_ - kMaxFaults) : "";
    throw input_error(
        "The tensors of {} are not those that its config.json describes ({}); complete the "
        "download, or correct config.json:{}{}",
        checkpoint.folder().string(), model_type, lines_, rest);
  }

 private:
  std::size_t count_ = 0;
  std::string lines_;
};

/// The name, or beginning of names, itself, and what checkpoints may have in its place. Those of a
/// model without its head ("h.0.ln_1.weight") lack the head's word for it ("transformer.").
std::vector<std::string> spellings(const std::string& name, const Decoder& decoder) {
  const std::string& embedding = decoder.embed_tokens.name;
  const std::string word = embedding.substr(0, embedding.find('.') + 1);
  std::vector<std::string> result{name};
  if (name.starts_with(word)) result.push_back(name.substr(word.size()));
  for (const auto& [prefix, stored_prefix] : decoder.renamings) {
    if (name.starts_with(prefix)) result.push_back(stored_prefix + name.substr(prefix.size()));
  }
  return result;
}

const StoredTensor* find_stored(const std::string& name, const Decoder& decoder,
                                const Checkpoint& checkpoint) {
  for (const std::string& spelling : spellings(name, decoder)) {
    if (const StoredTensor* stored = checkpoint.find(spelling)) return stored;
  }
  return nullptr;
}

bool is_other_part(std::string_view name, const Decoder& decoder) {
  return std::ranges::any_of(decoder.other_parts, [&](const std::string& part) {
    return std::ranges::any_of(spellings(part, decoder), [&](const std::string& spelling) {
      return name.starts_with(spelling);
    });
  });
}

void check_stored(const TensorRef& needed, const StoredTensor& stored, Faults& faults) {
  if (stored.shape != needed.stored_shape()) {
    faults.add("{} has the shape {}, but config.json asks for {}.", needed.name,
               to_string(stored.shape), to_string(needed.stored_shape()));
  }
  if (!is_float(stored.dtype)) {
    faults.add("{} is stored as {}; BF16, F16 and F32 can be read.", needed.name, stored.dtype);
  }
}

/// Reads one after the other, as files far away like it.
bool same_bytes(const StoredTensor& a, const StoredTensor& b, const Checkpoint& checkpoint) {
  if (a.dtype != b.dtype || a.shape != b.shape) return false;
  std::array<const StoredTensor*, 2> both{&a, &b};
  std::ranges::sort(
      both, {}, [](const StoredTensor* tensor) { return std::pair(tensor->file, tensor->offset); });
  checkpoint.expect(both);
  std::vector<std::byte> buffer(256 << 10);
  const auto digest_of = [&](const StoredTensor& tensor) {
    return xxh3_of(checkpoint.file_of(tensor), tensor.range(), buffer);
  };
  const Digest first = digest_of(*both[0]);
  return first == digest_of(*both[1]);
}

/// A checkpoint may store the lm_head that config.json ties to the embedding, if it is the same.
void check_surplus(const StoredTensor& stored, const Decoder& decoder, const Checkpoint& checkpoint,
                   Faults& faults) {
  const bool is_head = std::ranges::any_of(
      kHeads, [&](std::string_view head) { return stored.name.ends_with(head); });
  const StoredTensor* embedding = find_stored(decoder.embed_tokens.name, decoder, checkpoint);
  if (!is_head || !decoder.tie_word_embeddings() || embedding == nullptr) {
    faults.add("{} {} is stored, but the model has no use for it.", stored.name,
               to_string(stored.shape));
  } else if (!same_bytes(stored, *embedding, checkpoint)) {
    faults.add(
        "{} is stored and differs from {}, to which config.json ties it; if the model has a "
        "head of its own, config.json must say \"tie_word_embeddings\": false.",
        stored.name, embedding->name);
  }
}

}  // namespace

std::vector<InventoryItem> take_inventory(const Decoder& decoder, const Checkpoint& checkpoint) {
  std::vector<InventoryItem> items;
  std::unordered_set<const StoredTensor*> used;
  Faults faults;
  for_each_tensor(decoder, [&](const TensorRef& needed) {
    const StoredTensor* stored = find_stored(needed.name, decoder, checkpoint);
    if (stored == nullptr) {
      faults.add("{} {} is missing.", needed.name, to_string(needed.stored_shape()));
      return;
    }
    check_stored(needed, *stored, faults);
    used.insert(stored);
    items.push_back({needed, stored});
  });
  for (const StoredTensor& stored : checkpoint.tensors()) {
    const bool expected =
        used.contains(&stored) || is_buffer(stored.name) || is_other_part(stored.name, decoder);
    if (!expected) check_surplus(stored, decoder, checkpoint, faults);
  }
  faults.throw_any(checkpoint, decoder.model_type);
  return items;
}

}  // namespace ovbake
