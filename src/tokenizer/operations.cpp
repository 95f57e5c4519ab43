#include "tokenizer/operations.hpp"

#include <limits>
#include <utility>

#include <openvino/op/add.hpp>
#include <openvino/op/concat.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/equal.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/greater.hpp>
#include <openvino/op/less.hpp>
#include <openvino/op/maximum.hpp>
#include <openvino/op/range.hpp>
#include <openvino/op/reduce_max.hpp>
#include <openvino/op/shape_of.hpp>
#include <openvino/op/slice.hpp>
#include <openvino/op/string_tensor_pack.hpp>
#include <openvino/op/string_tensor_unpack.hpp>
#include <openvino/op/subtract.hpp>

#include "tokenizer/extension_op.hpp"
#include "tokenizer/pcre2_pattern.hpp"

namespace ovbake {
namespace {

using ov::op::v0::Constant;

Strings strings_of(const ov::OutputVector& outputs, std::size_t first = 0) {
  return {outputs[first], outputs[first + 1], outputs[first + 2]};
}

void append(ov::OutputVector& inputs, const Strings& strings) {
  inputs.insert(inputs.end(), {strings.begins, strings.ends, strings.chars});
}

ov::OutputVector inputs_of(const Pieces& pieces) {
  ov::OutputVector inputs{pieces.row_begins, pieces.row_ends};
  append(inputs, pieces.text);
  return inputs;
}

ov::OutputVector with_skips(const Pieces& pieces) {
  ov::OutputVector inputs = inputs_of(pieces);
  if (pieces.skips) inputs.push_back(*pieces.skips);
  return inputs;
}

std::vector<Port> ports_of_strings(const ov::PartialShape& rows) {
  return {{ov::element::i32, rows}, {ov::element::i32, rows}, {ov::element::u8, {-1}}};
}

std::vector<Port> ports_of_pieces(const Pieces& pieces, bool skips) {
  const ov::PartialShape rows = pieces.row_begins.get_partial_shape();
  std::vector<Port> ports{{ov::element::i32, rows},
                          {ov::element::i32, rows},
                          {ov::element::i32, {-1}},
                          {ov::element::i32, {-1}},
                          {ov::element::u8, {-1}}};
  if (skips) ports.push_back({ov::element::boolean, {-1}});
  return ports;
}

std::vector<Port> ports_of_ids(const ov::PartialShape& rows) {
  return {{ov::element::i32, rows}, {ov::element::i32, rows}, {ov::element::i32, {-1}}};
}

Pieces pieces_of(const ov::OutputVector& outputs) {
  Pieces pieces{outputs[0], outputs[1], strings_of(outputs, 2), std::nullopt};
  if (outputs.size() > 5) pieces.skips = outputs[5];
  return pieces;
}

/// A pattern that PCRE2 does not take would silently match nothing.
Value pattern_constant(std::string_view pattern) {
  facts_of(pattern);
  return text_constant(pattern);
}

Ids ids_of(const ov::OutputVector& outputs) { return {outputs[0], outputs[1], outputs[2]}; }

}  // namespace

Value constant(std::int32_t scalar) {
  return Constant::create(ov::element::i32, ov::Shape{}, {scalar});
}

Value constant(std::span<const std::int32_t> values) {
  return std::make_shared<Constant>(ov::element::i32, ov::Shape{values.size()}, values.data());
}

Value constant(std::span<const float> values) {
  return std::make_shared<Constant>(ov::element::f32, ov::Shape{values.size()}, values.data());
}

Value text_constant(std::string_view text) {
  return std::make_shared<Constant>(ov::element::u8, ov::Shape{text.size()}, text.data());
}

Strings unpack(const Value& strings) {
  return strings_of(std::make_shared<ov::op::v15::StringTensorUnpack>(strings)->outputs());
}

Value pack(const Strings& strings) {
  return std::make_shared<ov::op::v15::StringTensorPack>(strings.begins, strings.ends,
                                                         strings.chars);
}

Pieces one_piece_a_row(const Strings& strings) {
  using ov::op::v4::Range;
  const auto shape = std::make_shared<ov::op::v3::ShapeOf>(strings.begins, ov::element::i32);
  const auto rows = std::make_shared<ov::op::v8::Gather>(shape, constant(0), constant(0));
  const auto end = std::make_shared<ov::op::v1::Add>(rows, constant(1));
  const auto range = [](const Value& first, const Value& last) {
    return std::make_shared<Range>(first, last, constant(1), ov::element::i32);
  };
  return {range(constant(0), rows), range(constant(1), end), strings, std::nullopt};
}

Pieces without_rows(const Strings& strings) { return {{}, {}, strings, std::nullopt}; }

Value none_of(const Strings& strings) {
  return std::make_shared<ov::op::v1::Less>(strings.begins, constant(0));
}

Value either(const Value& a, const Value& b) {
  // The CPU has no code for logical operations on what the extension gives it.
  const auto number = [](const Value& value) {
    return std::make_shared<ov::op::v0::Convert>(value, ov::element::i32);
  };
  const auto sum = std::make_shared<ov::op::v1::Add>(number(a), number(b));
  return std::make_shared<ov::op::v1::Greater>(sum, constant(0));
}

Value begin_with(const Strings& strings, std::uint8_t byte) {
  // An empty string at the end of all begins where nothing is.
  const auto chars =
      std::make_shared<ov::op::v0::Concat>(ov::OutputVector{strings.chars, text_constant(" ")}, 0);
  const auto first = std::make_shared<ov::op::v8::Gather>(chars, strings.begins, constant(0));
  const auto wanted = Constant::create(ov::element::u8, ov::Shape{}, {byte});
  return std::make_shared<ov::op::v1::Equal>(first, wanted);
}

Pieces with_spare_character(Pieces pieces) {
  const auto spare = text_constant(" ");
  pieces.text.chars =
      std::make_shared<ov::op::v0::Concat>(ov::OutputVector{pieces.text.chars, spare}, 0);
  return pieces;
}

Pieces regex_split(const Pieces& pieces, std::string_view pattern, SplitBehaviour behaviour) {
  ov::OutputVector inputs = with_skips(pieces);
  inputs.push_back(pattern_constant(pattern));
  const std::string mode = behaviour == SplitBehaviour::isolate ? "isolate" : "remove";
  const bool invert = behaviour == SplitBehaviour::remove_rest;
  return pieces_of(
      extension_op("RegexSplit", inputs, ports_of_pieces(pieces, pieces.skips.has_value()),
                   {{"behaviour", mode}, {"invert", invert}, {"max_splits", std::int64_t{-1}}}));
}

Pieces special_tokens_split(const Pieces& pieces, std::string_view pattern) {
  ov::OutputVector inputs = inputs_of(pieces);
  inputs.push_back(pattern_constant(pattern));
  return pieces_of(extension_op("SpecialTokensSplit", inputs, ports_of_pieces(pieces, true)));
}

namespace {

/// An operation that changes each string: its inputs are the strings, the skips where there are
/// any, and `parameters`.
Pieces normalization(const char* name, Pieces pieces, const ov::OutputVector& parameters,
                     Attributes attributes) {
  ov::OutputVector inputs;
  append(inputs, pieces.text);
  auto ports = ports_of_strings(pieces.text.begins.get_partial_shape());
  if (pieces.skips) {
    inputs.push_back(*pieces.skips);
    ports.push_back({ov::element::boolean, {-1}});
  }
  inputs.insert(inputs.end(), parameters.begin(), parameters.end());
  const auto outputs = extension_op(name, inputs, ports, std::move(attributes));
  pieces.text = strings_of(outputs);
  if (pieces.skips) pieces.skips = outputs[3];
  return pieces;
}

}  // namespace

Pieces regex_replace(Pieces pieces, std::string_view pattern, std::string_view replacement,
                     bool everywhere) {
  return normalization("RegexNormalization", std::move(pieces),
                       {pattern_constant(pattern), text_constant(replacement)},
                       {{"global_replace", everywhere}});
}

Strings regex_replace(const Strings& strings, std::string_view pattern,
                      std::string_view replacement, bool everywhere) {
  return regex_replace(without_rows(strings), pattern, replacement, everywhere).text;
}

Pieces charsmap(Pieces pieces, std::string_view precompiled) {
  return normalization("CharsMapNormalization", std::move(pieces), {text_constant(precompiled)},
                       {{"add_dummy_prefix", false},
                        {"remove_extra_whitespaces", false},
                        {"escape_whitespaces", false},
                        {"normalization_form", std::string()},
                        {"case_fold", false},
                        {"nmt", false}});
}

Strings charsmap(const Strings& strings, std::string_view precompiled) {
  return charsmap(without_rows(strings), precompiled).text;
}

Ids bpe_tokenizer(const Pieces& pieces, const Strings& vocabulary, const Strings& left_merges,
                  const Strings& right_merges, const Strings& aliases, const Value& alias_ids,
                  const BpeAttributes& attributes) {
  ov::OutputVector inputs = inputs_of(pieces);
  append(inputs, vocabulary);
  append(inputs, left_merges);
  append(inputs, right_merges);
  append(inputs, aliases);
  inputs.push_back(alias_ids);
  return ids_of(extension_op("BPETokenizer", inputs,
                             ports_of_ids(pieces.row_begins.get_partial_shape()),
                             {{"unk_token", attributes.unk_token},
                              {"fuse_unk", false},
                              {"suffix_indicator", std::string()},
                              {"end_suffix", attributes.end_suffix},
                              {"byte_fallback", false},
                              {"cache_capacity", attributes.cache_capacity}}));
}

Ids unigram_tokenizer(const Pieces& pieces, const Strings& vocabulary, const Value& scores,
                      std::int32_t unk_token_id) {
  ov::OutputVector inputs = inputs_of(pieces);
  append(inputs, vocabulary);
  inputs.push_back(scores);
  return ids_of(extension_op("UnigramTokenizer", inputs,
                             ports_of_ids(pieces.row_begins.get_partial_shape()),
                             {{"byte_fallback", false},
                              {"unk_token_id", std::int64_t{unk_token_id}},
                              {"fuse_unk", true},
                              {"min_score", 0.0F}}));
}

Ids wordpiece_tokenizer(const Pieces& pieces, const Strings& vocabulary, std::int32_t unk_token_id,
                        std::string_view prefix) {
  ov::OutputVector inputs = inputs_of(pieces);
  append(inputs, vocabulary);
  inputs.push_back(constant(unk_token_id));
  return ids_of(extension_op(
      "WordpieceTokenizer", inputs, ports_of_ids(pieces.row_begins.get_partial_shape()),
      {{"suffix_indicator", std::string(prefix)},
       {"max_bytes_per_word", std::int64_t{std::numeric_limits<std::int32_t>::max()}}}));
}

Ids vocab_encoder(const Pieces& pieces, const Strings& vocabulary, const Value& ids,
                  std::int32_t unk_token_id) {
  ov::OutputVector inputs;
  append(inputs, pieces.text);
  append(inputs, vocabulary);
  inputs.push_back(ids);
  inputs.push_back(constant(unk_token_id));
  const auto outputs = extension_op("VocabEncoder", inputs, {{ov::element::i32, {-1}}});
  return {pieces.row_begins, pieces.row_ends, outputs[0]};
}

Ids map_ids(Ids ids, std::span<const std::int32_t> table) {
  ids.values = std::make_shared<ov::op::v8::Gather>(constant(table), ids.values, constant(0));
  return ids;
}

Ids truncate_left(const Ids& ids, const Value& max_length) {
  const ov::OutputVector inputs{
      ids.row_begins, ids.row_ends,          ids.values,
      max_length,     text_constant("left"), text_constant("longest_first")};
  return ids_of(extension_op("Truncate", inputs, ports_of_ids(ids.row_begins.get_partial_shape()),
                             {{"m_num_inputs", std::int64_t{1}}}));
}

Ids combine_segments(std::span<const Ids> segments) {
  ov::OutputVector inputs;
  ov::PartialShape rows{};
  for (const Ids& segment : segments) {
    inputs.insert(inputs.end(), {segment.row_begins, segment.row_ends, segment.values});
    if (segment.row_begins.get_partial_shape().size() == 1) {
      rows = segment.row_begins.get_partial_shape();
    }
  }
  inputs.push_back(constant(std::vector<std::int32_t>(segments.size(), 0)));
  auto ports = ports_of_ids(rows);
  for (Port& port : ports_of_ids(rows)) ports.push_back(std::move(port));
  return ids_of(extension_op("CombineSegments", inputs, ports));
}

Dense ragged_to_dense(const Ids& ids, std::int32_t padding) {
  const auto lengths = std::make_shared<ov::op::v1::Subtract>(ids.row_ends, ids.row_begins);
  const auto longest = std::make_shared<ov::op::v1::ReduceMax>(lengths, constant(0));
  const ov::OutputVector inputs{ids.row_begins, ids.row_ends, ids.values, longest,
                                constant(padding)};
  const auto outputs = extension_op(
      "RaggedToDense", inputs, {{ov::element::i32, {-1, -1}}, {ov::element::boolean, {-1, -1}}},
      {{"pad_right", false}, {"m_pad_max_length", false}});
  return {outputs[0], outputs[1]};
}

Pieces vocab_decoder(const Value& ids, const Strings& vocabulary,
                     std::span<const std::int32_t> skipped) {
  // GenAI switches skipping on and off through the `stop` input of exactly this Slice.
  const auto one_element = [](std::int32_t value) { return constant(std::vector{value}); };
  const auto slice = std::make_shared<ov::op::v8::Slice>(
      constant(skipped), one_element(0), one_element(std::numeric_limits<std::int32_t>::max()),
      one_element(1));
  ov::OutputVector inputs{ids};
  append(inputs, vocabulary);
  inputs.push_back(slice);
  std::vector<Port> ports(2, Port{ov::element::i32, {ids.get_partial_shape()[0]}});
  ports.resize(4, Port{ov::element::i32, {-1}});
  ports.push_back({ov::element::u8, {-1}});
  const auto outputs =
      extension_op("VocabDecoder", inputs, ports, {{"skip_tokens", std::vector<std::int32_t>()}});
  // GenAI finds the vocabulary for structured output by this name.
  outputs[0].get_node()->set_friendly_name("VocabDecoder");
  return pieces_of(outputs);
}

Strings fuse(const Pieces& pieces) {
  const ov::OutputVector inputs{pieces.row_begins, pieces.row_ends, pieces.text.begins,
                                pieces.text.ends};
  const auto rows = pieces.row_begins.get_partial_shape();
  const auto outputs =
      extension_op("FuzeRagged", inputs, {{ov::element::i32, rows}, {ov::element::i32, rows}});
  return {outputs[0], outputs[1], pieces.text.chars};
}

}  // namespace ovbake
