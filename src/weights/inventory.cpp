#include "weights/inventory.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/error.hpp"
#include "base/xxh3.hpp"
#include "weights/values.hpp"

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
    ".slope_rate",
    ".query_decay",
    ".key_decay",
    ".diagonal_decay",
});

bool is_buffer(std::string_view name) {
  return std::ranges::any_of(kBuffers, [&](auto ending) { return name.ends_with(ending); });
}

constexpr std::string_view kFp8 = "F8_E4M3";

bool is_float(std::string_view dtype) {
  return dtype == "BF16" || dtype == "F16" || dtype == "F32";
}

constexpr auto kHeads = std::to_array<std::string_view>({
    "lm_head.weight",
    "embed_out.weight",
    "output_projection.weight",
});

std::uint64_t bytes_of(std::int64_t elements, const std::string& dtype) {
  const auto count = static_cast<std::uint64_t>(elements);
  if (dtype == "MXFP4") return count / kMxfp4Elements * (kMxfp4Bytes + 1);
  if (dtype == kFp8) return count;
  return count * (dtype == "F32" ? 4 : 2);
}

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

/// Brings together tensors and where they lie, or says why it cannot.
class Finder {
 public:
  Finder(const Decoder& decoder, const Checkpoint& checkpoint, Faults& faults)
      : decoder_(decoder),
        checkpoint_(checkpoint),
        blocks_(fp8_blocks(checkpoint.config())),
        faults_(faults) {}

  std::optional<Storage> find(const TensorRef& needed) {
    Storage storage;
    if (needed.layouts.empty()) {
      storage = {.transposed = needed.transposed,
                 .stride = needed.transposed ? needed.shape[0] : 0};
      add(storage.parts, needed.name, needed.stored_shape(), 0);
    } else {
      storage = stack(needed, layout_of(needed));
    }
    if (storage.parts.empty()) return std::nullopt;
    if (blocks_ && storage.dtype() == kFp8) add_block_scales(storage, needed);
    storage.bytes = bytes_of(element_count(needed.shape), storage.dtype());
    return storage;
  }

  bool is_used(const StoredTensor& stored) const { return used_.contains(&stored); }

 private:
  /// The first layout of which the checkpoint has something.
  const StackLayout& layout_of(const TensorRef& stack) const {
    const auto found = std::ranges::find_if(stack.layouts, [&](const StackLayout& layout) {
      return find_stored(layout.name_of(0), decoder_, checkpoint_) != nullptr;
    });
    return found == stack.layouts.end() ? stack.layouts.front() : *found;
  }

  Storage stack(const TensorRef& needed, const StackLayout& layout) {
    const std::int64_t columns = needed.shape[2];
    const std::int64_t all_rows = layout.all_rows.value_or(needed.shape[1]);
    Shape stored{all_rows, columns};
    if (layout.transposed) std::swap(stored[0], stored[1]);

    Storage storage{.transposed = layout.transposed, .stride = all_rows};
    const std::int64_t first = layout.transposed ? layout.first_row : layout.first_row * columns;
    for (std::int64_t i = 0; i < needed.shape[0]; ++i) {
      const std::int64_t before = layout.is_numbered() ? 0 : i * all_rows * columns;
      Shape shape = stored;
      if (layout.scales) shape = {all_rows, columns / kMxfp4Elements, kMxfp4Bytes};
      if (!layout.is_numbered()) shape.insert(shape.begin(), needed.shape[0]);
      add(storage.parts, layout.name_of(i), shape, before + first, layout.scales.has_value());
      if (!layout.scales) continue;
      shape.pop_back();
      add(storage.scales, *layout.scales, shape, (before + first) / kMxfp4Elements, true);
    }
    return storage;
  }

  /// One matrix of scales beside each matrix of FP8.
  void add_block_scales(Storage& storage, const TensorRef& needed) {
    storage.block = *blocks_;
    const auto& [rows, columns] = storage.block;
    for (const auto& [matrix, first_element] : storage.parts) {
      if (storage.transposed || needed.shape.size() < 2 || matrix->shape.size() != 2) {
        faults_.add("{} is stored as {}, which can be read of single matrices only.", matrix->name,
                    kFp8);
        continue;
      }
      const Shape shape{(matrix->shape[0] + rows - 1) / rows,
                        (matrix->shape[1] + columns - 1) / columns};
      add(storage.scales, matrix->name + "_scale_inv", shape, 0);
      if (!storage.scales.empty() && storage.scales.back().tensor->dtype != "F32") {
        faults_.add("{} is stored as {}; F32 can be read.", storage.scales.back().tensor->name,
                    storage.scales.back().tensor->dtype);
      }
    }
  }

  /// Appends what is stored under `name`.
  void add(std::vector<StoredRows>& parts, const std::string& name, const Shape& shape,
           std::int64_t first_element, bool as_bytes = false) {
    const StoredTensor* stored = find_stored(name, decoder_, checkpoint_);
    if (stored == nullptr) {
      if (missing_.insert(name).second) faults_.add("{} {} is missing.", name, to_string(shape));
      return;
    }
    if (used_.insert(stored).second) check(name, *stored, shape, as_bytes);
    const std::string& dtype = parts.empty() ? stored->dtype : parts.front().tensor->dtype;
    if (dtype != stored->dtype) {
      faults_.add("{} is stored as {}, but {} as {}.", parts.front().tensor->name, dtype, name,
                  stored->dtype);
    }
    parts.push_back({stored, static_cast<std::uint64_t>(first_element)});
  }

  void check(const std::string& name, const StoredTensor& stored, const Shape& shape,
             bool as_bytes) {
    if (stored.shape != shape) {
      faults_.add("{} has the shape {}, but config.json asks for {}.", name,
                  to_string(stored.shape), to_string(shape));
    }
    if (blocks_ && stored.dtype == kFp8) return;
    if (as_bytes ? stored.dtype != "U8" : !is_float(stored.dtype)) {
      faults_.add("{} is stored as {}; {} can be read.", name, stored.dtype,
                  as_bytes ? "U8" : "BF16, F16 and F32");
    }
  }

  const Decoder& decoder_;
  const Checkpoint& checkpoint_;
  const std::optional<BlockSize> blocks_;
  Faults& faults_;
  std::unordered_set<const StoredTensor*> used_;
  std::unordered_set<std::string> missing_;
};

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
  Faults faults;
  Finder finder(decoder, checkpoint, faults);
  for_each_tensor(decoder, [&](const TensorRef& needed) {
    if (auto storage = finder.find(needed)) items.push_back({needed, std::move(*storage)});
  });
  for (const StoredTensor& stored : checkpoint.tensors()) {
    const bool expected =
        finder.is_used(stored) || is_buffer(stored.name) || is_other_part(stored.name, decoder);
    if (!expected) check_surplus(stored, decoder, checkpoint, faults);
  }
  faults.throw_any(checkpoint, decoder.model_type);
  return items;
}

}  // namespace ovbake
