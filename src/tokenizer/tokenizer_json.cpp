#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include <simdjson.h>

#include "base/error.hpp"
#include "tokenizer/added_vocabulary.hpp"
#include "tokenizer/bpe_merges.hpp"
#include "tokenizer/description.hpp"
#include "tokenizer/json_document.hpp"

namespace ovbake {
namespace {

namespace od = simdjson::ondemand;

constexpr int kMaxSequenceDepth = 16;

/// After any other error than this one the object must not be used again.
bool has_field(od::object& object, std::string_view key) {
  const simdjson::error_code error = object.find_field_unordered(key).error();
  if (error == simdjson::NO_SUCH_FIELD) return false;
  if (error) throw simdjson::simdjson_error(error);
  return true;
}

template <typename T>
T optional_field(od::object& object, std::string_view key, T fallback) {
  auto field = object.find_field_unordered(key);
  if (field.error() == simdjson::NO_SUCH_FIELD) return fallback;
  od::value value = field.value();
  if (value.is_null()) return fallback;
  if constexpr (std::is_same_v<T, std::string>) {
    return std::string(value.get_string().value());
  } else {
    return value.get<T>().value();
  }
}

void flatten(const Json& step, const std::string& list_key, std::vector<Json>& steps, int depth) {
  if (step.is_null()) return;
  if (!step.is_object() || !step.contains("type") || !step["type"].is_string()) {
    throw input_error("a step is no object with a \"type\": {}", step.dump().substr(0, 80));
  }
  if (step["type"] != "Sequence") {
    steps.push_back(step);
    return;
  }
  if (!step.contains(list_key) || !step[list_key].is_array()) {
    throw input_error("a Sequence has no list \"{}\"", list_key);
  }
  if (depth == kMaxSequenceDepth) {
    throw input_error("Sequences are nested deeper than {}", kMaxSequenceDepth);
  }
  for (const Json& part : step[list_key]) flatten(part, list_key, steps, depth + 1);
}

std::vector<Json> steps_of(od::object& root, std::string_view key, const std::string& list_key) {
  std::vector<Json> steps;
  flatten(small_json(root, key), list_key, steps, 0);
  return steps;
}

std::vector<AddedToken> added_tokens_of(od::object& root) {
  const Json list = small_json(root, "added_tokens");
  if (!list.is_null() && !list.is_array()) {
    throw input_error("added_tokens is no list");
  }
  std::vector<AddedToken> tokens;
  for (const Json& token : list) {
    const std::int64_t id = integer_of(token, "id", -1);
    if (id < 0 || id > Vocabulary::kMaxId) {
      throw input_error("the added token {} has no id within 0 … {}", token.dump().substr(0, 200),
                        Vocabulary::kMaxId);
    }
    tokens.push_back({.id = static_cast<TokenId>(id),
                      .content = text_of(token, "content"),
                      .single_word = flag_of(token, "single_word", false),
                      .lstrip = flag_of(token, "lstrip", false),
                      .rstrip = flag_of(token, "rstrip", false),
                      .normalized = flag_of(token, "normalized", true),
                      .special = flag_of(token, "special", false)});
  }
  return tokens;
}

Vocabulary vocabulary_of(od::object& model) {
  Vocabulary vocabulary;
  for (auto entry : model.find_field_unordered("vocab").get_object()) {
    const std::string_view token = entry.unescaped_key();
    vocabulary.add(token, entry.value().get_int64());
  }
  return vocabulary;
}

/// "a b", or ["a", "b"] where tokens may hold spaces.
Merge merge_in(od::value merge, const BpeModel& bpe) {
  if (merge.type() != od::json_type::array) return merge_of(bpe, merge.get_string());
  std::vector<std::string_view> parts;
  for (auto part : merge.get_array()) parts.push_back(part.get_string());
  if (parts.size() != 2) throw input_error("a merge has {} parts instead of 2", parts.size());
  return merge_of(bpe, parts[0], parts[1]);
}

std::vector<Merge> merges_of(od::object& model, const BpeModel& bpe) {
  std::vector<Merge> merges;
  for (auto entry : model.find_field_unordered("merges").get_array()) {
    merges.push_back(merge_in(entry.value(), bpe));
  }
  return merges;
}

BpeModel bpe_of(od::object& model) {
  BpeModel bpe;
  if (!small_json(model, "dropout").is_null()) {
    throw input_error("BPE dropout is random, so that no fixed ids can be given for a text");
  }
  bpe.unk_token = optional_field<std::string>(model, "unk_token", "");
  bpe.continuing_subword_prefix =
      optional_field<std::string>(model, "continuing_subword_prefix", "");
  bpe.end_of_word_suffix = optional_field<std::string>(model, "end_of_word_suffix", "");
  bpe.fuse_unk = optional_field(model, "fuse_unk", false);
  bpe.byte_fallback = optional_field(model, "byte_fallback", false);
  bpe.ignore_merges = optional_field(model, "ignore_merges", false);
  bpe.vocabulary = vocabulary_of(model);
  bpe.merges = merges_of(model, bpe);
  return bpe;
}

/// The `tokenizers` library adds scores in double precision, the operation in single: with few
/// binary digits behind the point sums stay exact there, so that equal ways to cut a word stay
/// equal.
double summable(double score) {
  constexpr double kStepsPerUnit = 1 << 14;
  return std::round(score * kStepsPerUnit) / kStepsPerUnit;
}

UnigramModel unigram_of(od::object& model) {
  UnigramModel unigram;
  for (auto entry : model.find_field_unordered("vocab").get_array()) {
    auto pair = entry.get_array();
    auto part = pair.begin();
    const std::string_view token = (*part).get_string();
    ++part;
    unigram.vocabulary.add(token, static_cast<std::int64_t>(unigram.scores.size()));
    unigram.scores.push_back(summable((*part).get_double()));
  }
  const auto unk = optional_field<std::int64_t>(model, "unk_id", -1);
  if (unk >= static_cast<std::int64_t>(unigram.scores.size())) {
    throw input_error("unk_id {} is outside the vocabulary", unk);
  }
  if (unk >= 0) unigram.unk_id = static_cast<TokenId>(unk);
  unigram.byte_fallback = optional_field(model, "byte_fallback", false);
  return unigram;
}

WordPieceModel word_piece_of(od::object& model) {
  WordPieceModel pieces;
  pieces.unk_token = optional_field<std::string>(model, "unk_token", "[UNK]");
  pieces.continuing_subword_prefix =
      optional_field<std::string>(model, "continuing_subword_prefix", "##");
  pieces.max_input_chars_per_word =
      optional_field<std::int64_t>(model, "max_input_chars_per_word", 100);
  pieces.vocabulary = vocabulary_of(model);
  return pieces;
}

WordLevelModel word_level_of(od::object& model) {
  WordLevelModel words;
  words.unk_token = optional_field<std::string>(model, "unk_token", "<unk>");
  words.vocabulary = vocabulary_of(model);
  return words;
}

/// Old files leave the type out; the shape of the vocabulary and the merges tell it then.
std::string type_of(od::object& model) {
  auto type = optional_field<std::string>(model, "type", "");
  if (!type.empty()) return type;
  if (has_field(model, "merges")) return "BPE";
  return model.find_field_unordered("vocab").type() == od::json_type::array ? "Unigram"
                                                                            : "WordPiece";
}

TokenizerModel model_of(od::object& root) {
  od::object model = root.find_field_unordered("model").get_object();
  const std::string type = type_of(model);
  if (type == "BPE") return bpe_of(model);
  if (type == "Unigram") return unigram_of(model);
  if (type == "WordPiece") return word_piece_of(model);
  if (type == "WordLevel") return word_level_of(model);
  throw input_error(
      "the model type \"{}\" has no equivalent; BPE, Unigram, WordPiece and WordLevel do", type);
}

/// Gives them the ids that the `tokenizers` library gives; it passes over an id in the file that
/// says otherwise.
void number_added_tokens(TokenizerDescription& tokenizer) {
  AddedVocabulary added(tokenizer.vocabulary());
  for (const AddedToken& token : tokenizer.added_tokens) added.add(token);
  tokenizer.added_tokens = added.tokens();
}

}  // namespace

TokenizerDescription read_tokenizer_json(const SmallFile& file) {
  const simdjson::padded_string_view text = load_document(file);
  TokenizerDescription d;
  d.where = file.where();
  d.file = TokenizerFile::json;
  try {
    od::parser parser;
    od::document document = parser.iterate(text);
    od::object root = document.get_object();
    d.added_tokens = added_tokens_of(root);
    d.normalizers = steps_of(root, "normalizer", "normalizers");
    d.pre_tokenizers = steps_of(root, "pre_tokenizer", "pretokenizers");
    d.lone_pre_tokenizer = !is_step(small_json(root, "pre_tokenizer"), "Sequence");
    d.post_processors = steps_of(root, "post_processor", "processors");
    d.decoders = steps_of(root, "decoder", "decoders");
    d.model = model_of(root);
    number_added_tokens(d);
  } catch (const simdjson::simdjson_error& error) {
    if (error.error() == simdjson::MEMALLOC) throw std::bad_alloc();
    throw input_error("{} is no tokenizer.json that can be read: {}.", d.where, error.what());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    throw input_error("{}: {}.", d.where, error.what());
  }
  return d;
}

bool is_step(const Json& step, std::string_view type) {
  if (!step.is_object()) return false;
  const auto found = step.find("type");
  return found != step.end() && *found == type;
}

namespace {

[[noreturn]] void refuse_field(const Json& step, std::string_view key, std::string_view wanted) {
  throw input_error("{} needs {} under \"{}\"", step.dump().substr(0, 120), wanted, key);
}

const Json* field(const Json& step, std::string_view key) {
  if (!step.is_object()) return nullptr;
  const auto found = step.find(key);
  return found == step.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace

bool flag_of(const Json& step, std::string_view key, bool fallback) {
  const Json* value = field(step, key);
  if (!value) return fallback;
  if (!value->is_boolean()) refuse_field(step, key, "true or false");
  return value->get<bool>();
}

std::string text_of(const Json& step, std::string_view key) {
  const Json* value = field(step, key);
  if (!value || !value->is_string()) refuse_field(step, key, "a text");
  return value->get<std::string>();
}

std::int64_t integer_of(const Json& step, std::string_view key, std::int64_t fallback) {
  const Json* value = field(step, key);
  if (!value) return fallback;
  if (!value->is_number_integer()) refuse_field(step, key, "an integer");
  return value->get<std::int64_t>();
}

}  // namespace ovbake
