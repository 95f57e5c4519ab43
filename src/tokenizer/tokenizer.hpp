// The checkpoint's tokenizer as IR: strings to ids and back, for the openvino_tokenizers extension.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <openvino/core/model.hpp>

#include "source/small_files.hpp"

namespace ovbake {

struct TokenizerGraphs {
  std::shared_ptr<ov::Model> tokenizer;    ///< string [?] → input_ids, attention_mask i64 [?, ?]
  std::shared_ptr<ov::Model> detokenizer;  ///< i64 [?, ?] → string [?]
  std::int64_t ids = 0;                    ///< One more than the highest.
  /// One line for each way in which the files disagree, and for each step that is converted
  /// although its operation has a known fault.
  std::vector<std::string> warnings;
};

/// What convert_tokenizer warns of because the files disagree, and whether ids go beyond
/// `embedding_rows`; nothing is converted.
std::vector<std::string> check_tokenizer(const SmallFiles& checkpoint, std::int64_t embedding_rows);

/// Reads tokenizer.json (or tokenizer.model, or a tiktoken file) and the files beside it. Throws an
/// input error naming the step where one has no equivalent among the extension's operations.
TokenizerGraphs convert_tokenizer(const SmallFiles& checkpoint);

/// Converts, and creates openvino_tokenizer.xml/.bin and openvino_detokenizer.xml/.bin in `out`, an
/// existing folder. Throws an environment error where one of the four exists.
TokenizerGraphs write_tokenizer(const SmallFiles& checkpoint, const std::filesystem::path& out);

/// write_tokenizer for graphs that were converted before.
void write_tokenizer_graphs(const TokenizerGraphs& graphs, const std::filesystem::path& out);

}  // namespace ovbake
