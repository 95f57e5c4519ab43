// What a GGUF file calls a model, its metadata and its tensors, in the words of transformers. One
// file of architectures/ is one general.architecture.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "source/gguf/gguf_file.hpp"

namespace ovbake {

/// A model as its GGUF files describe it.
class GgufModel {
 public:
  using ReadNumbers = std::function<std::vector<float>(const StoredTensor&)>;

  /// `read` returns the elements of a tensor of F32.
  GgufModel(const GgufMetadata& metadata, const std::vector<StoredTensor>& tensors,
            ReadNumbers read);

  const GgufMetadata& metadata() const noexcept { return metadata_; }
  const std::vector<StoredTensor>& tensors() const noexcept { return tensors_; }
  /// "llama.block_count" for "block_count".
  std::string key(std::string_view name) const { return prefix_ + std::string(name); }
  bool has(std::string_view name) const { return metadata_.has(key(name)); }
  std::int64_t integer(std::string_view name) const { return metadata_.integer(key(name)); }
  double number(std::string_view name) const { return metadata_.number(key(name)); }
  /// Of an array, or the value itself: what all layers have. Throws an input error where they
  /// differ.
  std::int64_t uniform(std::string_view name) const;

  /// Null where there is none of this name.
  const StoredTensor* find(std::string_view tensor) const;
  /// The elements of a small tensor of F32; nothing where there is none of this name.
  std::optional<std::vector<float>> numbers(std::string_view tensor) const;

 private:
  const GgufMetadata& metadata_;
  const std::vector<StoredTensor>& tensors_;
  ReadNumbers read_;
  std::string prefix_;
};

/// A tensor's name in GGUF ("attn_q", below "blk.N."), and in transformers ("self_attn.q_proj",
/// below "model.layers.N."). "*" stands for the number of an expert, of which the file has a stack.
struct GgufName {
  std::string_view stored, name;
};

struct GgufArchitecture {
  std::string_view name;  ///< general.architecture.
  /// What config.json would say.
  Json (*config)(const GgufModel&);
  /// Where they differ from those of most architectures.
  std::span<const GgufName> (*names)(const GgufModel&) = nullptr;
  /// Rows of queries and keys are stored in the order of rotary pairs that lie side by side.
  bool interleaved_heads = false;
  float added_to_norms = 0;  ///< The weights of norms are stored with so much added.
};

/// Generated from the files of architectures/ (CMakeLists.txt).
std::span<const GgufArchitecture* const> gguf_architectures();

/// Throws an input error where the file's general.architecture is not known.
const GgufArchitecture& find_gguf_architecture(const GgufMetadata& metadata);

/// What the config.json of nearly every model says: sizes, norms, rotary embedding with its
/// scaling, and ids of special tokens. `type` is its model_type, `architecture` its class.
Json common_config(const GgufModel& model, std::string_view type, std::string_view architecture);

/// Experts as Qwen's models name them: sizes and counts.
void add_qwen_experts(Json& config, const GgufModel& model);

/// Gemma 2's and 3's names of the norms around attention and MLP.
std::span<const GgufName> gemma_names(const GgufModel& model);

/// What Gemma 2 and 3 share: the activation, the window, and the scale of scores, which is that of
/// the whole width in the 27B model, the one of `layers_of_27b`, and else that of a head.
void add_gemma_keys(Json& config, const GgufModel& model, std::int64_t layers_of_27b);

/// The tensor `stored`, or each matrix of it, under the name that transformers has for it; nothing
/// for a tensor that config.json speaks for. Throws an input error for a name that is not known.
std::vector<StoredTensor> renamed(const StoredTensor& stored, const GgufModel& model,
                                  const GgufArchitecture& architecture);

}  // namespace ovbake
