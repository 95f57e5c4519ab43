#include "weights/inventory.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "weights/same_values.hpp"
#include "weights/stored_names.hpp"
#include "weights/surplus.hpp"
#include "weights/values.hpp"

namespace ovbake {
namespace {

constexpr std::string_view kFp8 = "F8_E4M3";

bool is_float(std::string_view dtype) {
  return dtype == "BF16" || dtype == "F16" || dtype == "F32";
}

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
  void add_missing(const std::string& name, std::string_view shape = "") {
    is_missing_ = true;
    add("{} {}is missing.", name, shape);
  }
  void add_surplus(const StoredTensor& stored, std::string_view why) {
    is_surplus_ = true;
    is_of_adapter_ = is_of_adapter_ || why.find("LoRA") != why.npos;
    add("{} {} {}.", stored.name, to_string(stored.shape), why);
  }

  void throw_any(const Checkpoint& checkpoint, std::string_view model_type) const {
    if (count_ == 0) return;
    const std::string rest =
        count_ > kMaxFaults ? fmt::format("\n  and {} more.", count_ - kMaxFaults) : "";
    throw input_error(
        "The tensors of {} are not those that its config.json describes ({}); {}:{}{}",
        checkpoint.folder().string(), model_type, advice(checkpoint), lines_, rest);
  }

 private:
  std::string advice(const Checkpoint& checkpoint) const {
    const std::vector<std::string>& files = checkpoint.absent_files();
    if (is_missing_ && !files.empty()) {
      return fmt::format("download {}, which the index of shards names and which {} not there",
                         join_quoted(files), files.size() == 1 ? "is" : "are");
    }
    if (is_of_adapter_) return "merge the adapter into its base model and bake the result";
    if (is_missing_ || !is_surplus_) return "bake the whole checkpoint, or correct config.json";
    return "correct config.json, or name in --ignore_tensors what changes nothing";
  }

  std::size_t count_ = 0;
  bool is_missing_ = false, is_surplus_ = false, is_of_adapter_ = false;
  std::string lines_;
};

/// Brings together tensors and where they lie, or says why it cannot.
class Finder {
 public:
  Finder(const StoredNames& names, const Checkpoint& checkpoint, Faults& faults)
      : names_(names), blocks_(fp8_blocks(checkpoint.config())), faults_(faults) {}

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
  /// The first layout of which the checkpoint has something, those of fitting shape first.
  const StackLayout& layout_of(const TensorRef& stack) const {
    const StackLayout* best = nullptr;
    for (const StackLayout& layout : stack.layouts) {
      const StoredTensor* stored = names_.find(layout.name_of(0));
      if (stored == nullptr) continue;
      if (stored->shape == shape_in(stack, layout)) return layout;
      if (best == nullptr) best = &layout;
    }
    return best == nullptr ? stack.layouts.front() : *best;
  }

  /// Of each tensor that a stack is stored in.
  static Shape shape_in(const TensorRef& needed, const StackLayout& layout) {
    const std::int64_t columns = needed.shape[2];
    const std::int64_t rows = layout.all_rows.value_or(needed.shape[1]);
    Shape shape = layout.transposed ? Shape{columns, rows} : Shape{rows, columns};
    if (layout.scales) shape = {rows, columns / kMxfp4Elements, kMxfp4Bytes};
    if (layout.joined) {
      shape[0] *= needed.shape[0];
    } else if (!layout.is_numbered()) {
      shape.insert(shape.begin(), needed.shape[0]);
    }
    return shape;
  }

  Storage stack(const TensorRef& needed, const StackLayout& layout) {
    const std::int64_t columns = needed.shape[2];
    const std::int64_t all_rows = layout.all_rows.value_or(needed.shape[1]);
    Storage storage{.transposed = layout.transposed, .stride = all_rows};
    const std::int64_t first = layout.transposed ? layout.first_row : layout.first_row * columns;
    for (std::int64_t i = 0; i < needed.shape[0]; ++i) {
      const std::int64_t before = layout.is_numbered() ? 0 : i * all_rows * columns;
      Shape shape = shape_in(needed, layout);
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
    }
  }

  /// Appends what is stored under `name`.
  void add(std::vector<StoredRows>& parts, const std::string& name, const Shape& shape,
           std::int64_t first_element, bool as_bytes = false) {
    const StoredTensor* stored = names_.find(name);
    if (stored == nullptr) {
      if (missing_.insert(name).second) faults_.add_missing(name, to_string(shape) + " ");
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

  const StoredNames& names_;
  const std::optional<BlockSize> blocks_;
  Faults& faults_;
  std::unordered_set<const StoredTensor*> used_;
  std::unordered_set<std::string> missing_;
};

/// A checkpoint may store the lm_head that config.json ties to the embedding, if it is the same.
bool is_tied_head(const StoredTensor& stored, const Decoder& decoder, const StoredNames& names) {
  return decoder.tie_word_embeddings() && &stored == names.find_head();
}

/// Sorts what the description does not need into what is left out, with the reason, and faults.
class SurplusSorter {
 public:
  SurplusSorter(const Decoder& decoder, const Checkpoint& checkpoint, const StoredNames& names,
                const std::vector<std::string>& ignore_tensors)
      : decoder_(decoder),
        checkpoint_(checkpoint),
        names_(names),
        judge_(decoder, checkpoint, names),
        ignore_tensors_(ignore_tensors) {}

  void sort(const StoredTensor& stored, std::vector<IgnoredTensor>& ignored, Faults& faults) const {
    if (matches_any(ignore_tensors_, stored.name)) {
      ignored.push_back({stored.name, "named in ignore_tensors"});
    } else if (is_tied_head(stored, decoder_, names_)) {
      sort_head(stored, ignored, faults);
    } else if (const auto [is_ignored, why] = judge_.judge(stored); is_ignored) {
      ignored.push_back({stored.name, why});
    } else {
      faults.add_surplus(stored, why);
    }
  }

  /// What the index names and no file holds is missing where it might matter.
  void sort_absent(const std::string& name, Faults& faults) const {
    const StoredTensor absent{.name = name};
    const bool is_head = decoder_.tie_word_embeddings() && name.ends_with("lm_head.weight");
    if (is_head || matches_any(ignore_tensors_, name) || judge_.judge(absent).ignored) return;
    faults.add_missing(name);
  }

 private:
  void sort_head(const StoredTensor& head, std::vector<IgnoredTensor>& ignored,
                 Faults& faults) const {
    const StoredTensor* table = names_.find(decoder_.embed_tokens.name);
    if (table == nullptr || same_values(head, *table, checkpoint_)) {
      ignored.push_back({head.name, "equal to the embedding that it is tied to"});
      return;
    }
    faults.add(
        "{} is stored and differs from {}, to which config.json ties it; if the model has a "
        "head of its own, config.json must say \"tie_word_embeddings\": false.",
        head.name, table->name);
  }

  const Decoder& decoder_;
  const Checkpoint& checkpoint_;
  const StoredNames& names_;
  const SurplusJudge judge_;
  const std::vector<std::string>& ignore_tensors_;
};

}  // namespace

Inventory take_inventory(const Decoder& decoder, const Checkpoint& checkpoint,
                         const std::vector<std::string>& ignore_tensors) {
  Inventory inventory;
  Faults faults;
  const StoredNames names(decoder, checkpoint);
  Finder finder(names, checkpoint, faults);
  for_each_tensor(decoder, [&](const TensorRef& needed) {
    if (auto storage = finder.find(needed)) {
      inventory.items.push_back({needed, std::move(*storage)});
    }
  });
  const SurplusSorter sorter(decoder, checkpoint, names, ignore_tensors);
  for (const StoredTensor& stored : checkpoint.tensors()) {
    if (!finder.is_used(stored)) sorter.sort(stored, inventory.ignored, faults);
  }
  for (const std::string& name : checkpoint.absent_tensors()) sorter.sort_absent(name, faults);
  faults.throw_any(checkpoint, decoder.model_type);
  return inventory;
}

}  // namespace ovbake
