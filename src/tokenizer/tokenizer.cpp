#include "tokenizer/tokenizer.hpp"

#include <algorithm>
#include <iterator>

#include <openvino/op/convert.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/result.hpp>
#include <openvino/pass/manager.hpp>
#include <openvino/pass/serialize.hpp>

#include "base/error.hpp"
#include "base/new_file_stream.hpp"
#include "tokenizer/chat_template.hpp"
#include "tokenizer/checkpoint_tokenizer.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/doubts.hpp"
#include "tokenizer/enclosing.hpp"
#include "tokenizer/metadata.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;
using ov::op::v0::Convert;
using ov::op::v0::Parameter;
using ov::op::v0::Result;

std::shared_ptr<Result> named_result(const Value& value, const char* name) {
  value.get_tensor().set_names({name});
  auto result = std::make_shared<Result>(value);
  result->set_friendly_name(name);
  return result;
}

std::shared_ptr<ov::Model> tokenizer_graph(const TokenizerDescription& tokenizer,
                                           const Template& around, TokenId padding) {
  const auto text = std::make_shared<Parameter>(ov::element::string, ov::PartialShape{-1});
  text->set_friendly_name("string_input");
  text->get_output_tensor(0).set_names({"string_input"});
  const Strings marked = mark_first_word(tokenizer, unpack(text));
  const Pieces pieces = pre_tokenize(tokenizer, normalize(tokenizer, marked));
  const Dense dense = ragged_to_dense(post_process(around, tokenize(tokenizer, pieces)), padding);
  const auto as_i64 = [](const Value& value) {
    return std::make_shared<Convert>(value, ov::element::i64);
  };
  return std::make_shared<ov::Model>(
      ov::ResultVector{named_result(as_i64(dense.values), "input_ids"),
                       named_result(as_i64(dense.mask), "attention_mask")},
      ov::ParameterVector{text}, "tokenizer");
}

std::shared_ptr<ov::Model> detokenizer_graph(const TokenizerDescription& tokenizer) {
  const auto ids = std::make_shared<Parameter>(ov::element::i64, ov::PartialShape{-1, -1});
  ids->set_friendly_name("token_ids");
  ids->get_output_tensor(0).set_names({"token_ids"});
  const auto narrow = std::make_shared<Convert>(ids, ov::element::i32);
  const Value text = pack(decode(tokenizer, narrow));
  return std::make_shared<ov::Model>(ov::ResultVector{named_result(text, "string_output")},
                                     ov::ParameterVector{ids}, "detokenizer");
}

void serialize(const std::shared_ptr<ov::Model>& model, const fs::path& out, const char* name) {
  NewFileStream xml(out / fmt::format("{}.xml", name));
  NewFileStream bin(out / fmt::format("{}.bin", name));
  ov::pass::Manager manager;
  manager.register_pass<ov::pass::Serialize>(xml, bin);
  manager.run_passes(model);
  xml.flush();
  bin.flush();
}

/// The tokenizer with all that can be said of it before it is converted.
TokenizerDescription read_and_doubt(const SmallFiles& checkpoint, const TokenizerConfig& config) {
  TokenizerDescription tokenizer = read_checkpoint_tokenizer(checkpoint, config);
  std::ranges::move(doubts_of_template(tokenizer, read_chat_template(checkpoint)),
                    std::back_inserter(tokenizer.warnings));
  return tokenizer;
}

}  // namespace

std::vector<std::string> check_tokenizer(const SmallFiles& checkpoint,
                                         std::int64_t embedding_rows) {
  TokenizerDescription tokenizer = read_and_doubt(checkpoint, read_tokenizer_config(checkpoint));
  std::ranges::move(doubts_of_ids(id_count(tokenizer), embedding_rows),
                    std::back_inserter(tokenizer.warnings));
  return std::move(tokenizer.warnings);
}

TokenizerGraphs convert_tokenizer(const SmallFiles& checkpoint) {
  const TokenizerConfig config = read_tokenizer_config(checkpoint);
  TokenizerDescription tokenizer = read_and_doubt(checkpoint, config);
  const TokenizerMetadata metadata = metadata_of(tokenizer, config, checkpoint);
  checkpoint.forget_texts();
  try {
    TokenizerGraphs graphs{.tokenizer = nullptr,
                           .detokenizer = detokenizer_graph(tokenizer),
                           .ids = id_count(tokenizer),
                           .warnings = std::move(tokenizer.warnings)};
    std::ranges::move(known_faults(tokenizer), std::back_inserter(graphs.warnings));
    std::erase_if(tokenizer.added_tokens, [](const AddedToken& token) { return !token.cut_out; });
    normalize_added_tokens(tokenizer);
    name_added_tokens(tokenizer);
    const Template around = template_of(tokenizer);
    const TokenId padding = metadata.pad_token_id.value_or(metadata.eos_token_id.value_or(0));
    graphs.tokenizer = tokenizer_graph(tokenizer, around, padding);
    write_rt_info(*graphs.tokenizer, metadata, around);
    write_rt_info(*graphs.detokenizer, metadata, around);
    return graphs;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    throw input_error("{}: {}.", tokenizer.where, error.what());
  }
}

void write_tokenizer_graphs(const TokenizerGraphs& graphs, const fs::path& out) {
  serialize(graphs.tokenizer, out, "openvino_tokenizer");
  serialize(graphs.detokenizer, out, "openvino_detokenizer");
}

TokenizerGraphs write_tokenizer(const SmallFiles& checkpoint, const fs::path& out) {
  TokenizerGraphs graphs = convert_tokenizer(checkpoint);
  write_tokenizer_graphs(graphs, out);
  return graphs;
}

}  // namespace ovbake
