#include "weights/inventory.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/error.hpp"
#include "base/system_error.hpp"
#include "base/text.hpp"
#include "weights/same_values.hpp"
#include "weights/stored_names.hpp"
#include "weights/surplus.hpp"

namespace ovbake {
namespace {

/// Faults are listed up to this many; a wrong model_type makes thousands.
constexpr std::size_t kMaxFaults = 16;

class Faults {
 public:
  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    if (++count_ <= kMaxFaults)
      lines_ += "\n  " + printable(fmt::format(format, std::forward<Args>(args)...));
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
    throw error_with_list(
        ErrorCode::input,
        "The tensors of {} are not those that its config.json describes ({}); {}:{}{}",
        escape(checkpoint.folder().string()), escape(model_type), printable(advice(checkpoint)),
        lines_, rest);
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

/// The matrices of a tensor that the model needs, as a checkpoint stores them.
struct Wanted {
  std::vector<MatrixRef> matrices;
  std::int64_t stacked = 1;  ///< So many matrices lie in each stored tensor, one behind the other.
  bool is_stack = false;     ///< Then a stored tensor has an axis in front for them.
  std::int64_t first_row = 0;
  std::int64_t rows = 0;  ///< Of each matrix.
};

std::uint64_t element_bytes(std::string_view dtype) {
  if (dtype == "F32" || dtype == "I32") return 4;
  return dtype == "BF16" || dtype == "F16" ? 2 : 1;
}

std::int64_t row_count(const Shape& shape) {
  return shape.empty() || shape.back() == 0 ? 1 : element_count(shape) / shape.back();
}

/// Brings together tensors and where they lie, or says why it cannot.
class Finder {
 public:
  Finder(const StoredNames& names, const Checkpoint& checkpoint, Faults& faults)
      : names_(names), quantized_(find_encoding(checkpoint.config())), faults_(faults) {}

  std::optional<Storage> find(const TensorRef& needed) {
    const Wanted wanted = needed.layouts.empty() ? single(needed) : stack(needed);
    Storage storage{.encoding = encoding_of(wanted.matrices.front()),
                    .first_row = wanted.first_row};
    for (const MatrixRef& matrix : wanted.matrices) add(storage, matrix, wanted);
    if (storage.matrices.empty()) return std::nullopt;
    for (const PartLayout& part : storage.parts) {
      const std::int64_t lines = part.lines_of(wanted.first_row, wanted.rows);
      storage.bytes +=
          storage.matrices.size() * static_cast<std::uint64_t>(lines) * part.line_bytes;
    }
    return storage;
  }

  bool is_used(const StoredTensor& stored) const { return used_.contains(&stored); }

 private:
  static Wanted single(const TensorRef& needed) {
    return {.matrices = {{needed.name, needed.shape, needed.transposed}},
            .rows = row_count(needed.shape)};
  }

  Wanted stack(const TensorRef& needed) const {
    const StackLayout& layout = layout_of(needed);
    const std::int64_t count = needed.shape[0], rows = needed.shape[1];
    Wanted wanted{.stacked = layout.is_numbered() ? 1 : count,
                  .is_stack = !layout.is_numbered(),
                  .first_row = layout.first_row,
                  .rows = rows};
    for (std::int64_t i = 0; i < count / wanted.stacked; ++i) {
      wanted.matrices.push_back(matrix_of(needed, layout, i));
    }
    return wanted;
  }

  static MatrixRef matrix_of(const TensorRef& stack, const StackLayout& layout,
                             std::int64_t matrix) {
    return {.name = layout.name_of(matrix),
            .shape = {layout.all_rows.value_or(stack.shape[1]), stack.shape[2]},
            .transposed = layout.transposed};
  }

  /// The first layout of which the checkpoint has something, those of fitting shape first.
  const StackLayout& layout_of(const TensorRef& stack) const {
    const StackLayout* best = nullptr;
    for (const StackLayout& layout : stack.layouts) {
      const MatrixRef matrix = matrix_of(stack, layout, 0);
      const Part part = encoding_of(matrix)->parts(matrix).front();
      const StoredTensor* stored = names_.find(part.name);
      if (stored == nullptr) continue;
      Shape shape = part.shape;
      if (!layout.is_numbered()) shape.insert(shape.begin(), stack.shape[0]);
      if (stored->shape == shape) return layout;
      if (best == nullptr) best = &layout;
    }
    return best == nullptr ? stack.layouts.front() : *best;
  }

  /// That of quantized matrices where the checkpoint has the first part of one.
  EncodingPtr encoding_of(const MatrixRef& matrix) const {
    if (quantized_ == nullptr || matrix.shape.size() != 2) return plain_encoding();
    const std::vector<Part> parts = quantized_->parts(matrix);
    const StoredTensor* stored = parts.empty() ? nullptr : names_.find(parts.front().name);
    const bool is_quantized = stored != nullptr && can_be(*stored, parts.front());
    return is_quantized ? quantized_ : plain_encoding();
  }

  static bool can_be(const StoredTensor& stored, const Part& part) {
    return std::ranges::find(part.dtypes, stored.dtype) != part.dtypes.end();
  }

  /// Appends the matrices that are stored under the name of `matrix`.
  void add(Storage& storage, const MatrixRef& matrix, const Wanted& wanted) {
    const std::vector<Part> parts = storage.encoding->parts(matrix);
    std::vector<const StoredTensor*> tensors;
    for (Part part : parts) {
      if (wanted.is_stack) part.shape.insert(part.shape.begin(), wanted.stacked);
      const StoredTensor* stored = look_up(part);
      if (stored == nullptr) return;
      if (!storage.matrices.empty()) {
        check_equal(*storage.matrices.front()[tensors.size()].tensor, *stored);
      }
      tensors.push_back(stored);
    }
    if (storage.parts.empty()) {
      std::vector<std::string_view> dtypes;
      for (std::size_t i = 0; i < parts.size(); ++i) {
        storage.parts.push_back(layout_of_part(parts[i], *tensors[i], row_count(matrix.shape)));
        dtypes.push_back(tensors[i]->dtype);
      }
      storage.grid = storage.encoding->grid(matrix, dtypes);
    }
    for (std::int64_t i = 0; i < wanted.stacked; ++i) {
      auto& stored = storage.matrices.emplace_back();
      for (std::size_t part = 0; part < parts.size(); ++part) {
        stored.push_back(
            {tensors[part], static_cast<std::uint64_t>(i) * storage.parts[part].bytes()});
      }
    }
  }

  /// Null, with a fault that says so, where there is no such tensor, or a wrong one.
  const StoredTensor* look_up(const Part& part) {
    const StoredTensor* stored = names_.find(part.name);
    if (stored == nullptr) {
      if (missing_.insert(part.name).second) {
        faults_.add_missing(part.name, to_string(part.shape) + " ");
      }
      return nullptr;
    }
    const bool is_new = used_.insert(stored).second;
    if (stored->shape != part.shape) {
      if (is_new) {
        faults_.add("{} has the shape {}, but config.json asks for {}.", part.name,
                    to_string(stored->shape), to_string(part.shape));
      }
      return nullptr;
    }
    if (is_new && !can_be(*stored, part)) {
      faults_.add("{} is stored as {}; {} can be read.", part.name, stored->dtype,
                  fmt::join(part.dtypes, ", "));
    }
    return stored;
  }

  void check_equal(const StoredTensor& first, const StoredTensor& other) {
    if (first.dtype == other.dtype) return;
    faults_.add("{} is stored as {}, but {} as {}.", first.name, first.dtype, other.name,
                other.dtype);
  }

  static PartLayout layout_of_part(const Part& part, const StoredTensor& tensor,
                                   std::int64_t rows) {
    const std::int64_t lines = (rows + part.rows_per_line - 1) / part.rows_per_line;
    const std::int64_t elements = element_count(part.shape) / lines;
    const std::uint64_t width = element_bytes(tensor.dtype);
    return {.line_bytes = static_cast<std::uint64_t>(elements) * width,
            .lines = lines,
            .rows_per_line = part.rows_per_line,
            .element_bytes = width,
            .transposed = part.transposed};
  }

  const StoredNames& names_;
  const EncodingPtr quantized_;  ///< Null where the checkpoint has none.
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
