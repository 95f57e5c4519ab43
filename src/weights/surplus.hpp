// What a checkpoint holds beside the tensors that the description needs: whether the model could
// read it, if only the description knew how, or no forward pass of the model reads it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "architecture/description/decoder.hpp"
#include "source/checkpoint.hpp"
#include "weights/stored_names.hpp"

namespace ovbake {

struct SurplusVerdict {
  bool ignored;     ///< No forward pass of the described model reads the tensor.
  std::string why;  ///< In a few words: "computed from config.json", "belongs to a LoRA adapter".
};

/// Judges by the module that a tensor belongs to. A module within a layer of the decoder, or beside
/// its layers under a name that says nothing, may be a part of the mathematics that the description
/// lacks: it is not ignored. Left out is what is computed from config.json (buffers), what feeds a
/// modality or reads the result other than lm_head (towers, value heads, layers that predict
/// further tokens), and what only training reads.
class SurplusJudge {
 public:
  SurplusJudge(const Decoder& decoder, const Checkpoint& checkpoint, const StoredNames& names);

  SurplusVerdict judge(const StoredTensor& stored) const;

 private:
  std::optional<std::size_t> layer_of(std::string_view name) const;
  std::string why_layer_counts(std::size_t layer) const;
  bool is_of_described_other_part(const std::string& name) const;

  const Decoder& decoder_;
  const StoredNames& names_;
  bool is_part_;             ///< The checkpoint is of a model of more modalities than text.
  std::string layers_stem_;  ///< "model.layers."
  std::string home_;         ///< Prefix of the model with its head: "language_model.".
  std::set<std::size_t> next_token_layers_;
};

}  // namespace ovbake
