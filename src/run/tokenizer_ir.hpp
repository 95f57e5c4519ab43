// Text to tokens and back, by the tokenizer IR of a baked folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "execution/openvino.hpp"

namespace ovbake {

/// Where the openvino_tokenizers library is: OVBAKE_TOKENIZERS_LIBRARY, else where pip lays it
/// beside the OpenVINO in use, else in OpenVINO's own folder. Throws an environment error that
/// lists the places where none is there.
std::filesystem::path find_tokenizers_library();

/// Whether the tokens that the tokenizer sets around a text, such as <s>, are wanted. A chat
/// template has written them already.
enum class SpecialTokens { add, leave_out };

class TokenizerIr {
 public:
  /// Loads openvino_tokenizer.xml and openvino_detokenizer.xml of `folder`, after adding the
  /// extension library to `core`.
  TokenizerIr(ov::Core& core, const std::filesystem::path& folder);

  std::vector<std::int64_t> encode(std::string_view text, SpecialTokens special_tokens);
  std::string decode(std::span<const std::int64_t> tokens);

 private:
  ov::InferRequest tokenizer_, detokenizer_;
  std::size_t tokens_before_ = 0, tokens_after_ = 0;  ///< Of a text, by the tokenizer.
};

}  // namespace ovbake
