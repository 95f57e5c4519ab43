#include <limits>

#include "base/error.hpp"
#include "tokenizer/conversion.hpp"

namespace ovbake {
namespace {

/// Beyond this the Truncate operation computes with overflow.
constexpr std::int32_t kNoTruncation = std::numeric_limits<std::int32_t>::max() - 64;

std::vector<TokenId> ids_of_special(const Json& step, const std::string& token) {
  const Json& known = step.value("special_tokens", Json::object());
  if (!known.is_object() || !known.contains(token) || !known[token].is_object() ||
      !known[token].contains("ids") || !known[token]["ids"].is_array()) {
    refuse_step(step, fmt::format("it uses \"{}\" without listing its ids", token));
  }
  std::vector<TokenId> ids;
  for (const Json& id : known[token]["ids"]) {
    if (!id.is_number_integer() || id < 0 || id > Vocabulary::kMaxId) {
      refuse_step(step, fmt::format("\"{}\" has an id that is none", token));
    }
    ids.push_back(id.get<TokenId>());
  }
  return ids;
}

void add_template(const Json& step, Template& around) {
  const auto single = step.find("single");
  if (single == step.end() || !single->is_array()) refuse_step(step, "it has no list \"single\"");
  bool text_seen = false;
  for (const Json& part : *single) {
    if (part.is_object() && part.contains("Sequence") && !text_seen) {
      text_seen = true;
    } else if (part.is_object() && part.contains("SpecialToken")) {
      const auto ids = ids_of_special(step, text_of(part["SpecialToken"], "id"));
      auto& side = text_seen ? around.after : around.before;
      side.insert(side.end(), ids.begin(), ids.end());
    } else {
      refuse_step(step, "its template is more than one text between special tokens");
    }
  }
  if (!text_seen) refuse_step(step, "its template leaves the text out");
}

/// BertProcessing and RobertaProcessing: ["token", id] on either side.
TokenId id_of_pair(const Json& step, const char* key) {
  const auto pair = step.find(key);
  if (pair == step.end() || !pair->is_array() || pair->size() != 2 ||
      !(*pair)[1].is_number_integer()) {
    refuse_step(step, fmt::format("\"{}\" is no pair of token and id", key));
  }
  return (*pair)[1].get<TokenId>();
}

Ids special(TokenId id) { return {constant(0), constant(1), constant(std::vector<TokenId>{id})}; }

}  // namespace

Template template_of(const TokenizerDescription& tokenizer) {
  Template around;
  for (const Json& step : tokenizer.post_processors) {
    if (is_step(step, "TemplateProcessing")) {
      add_template(step, around);
    } else if (is_step(step, "BertProcessing") || is_step(step, "RobertaProcessing")) {
      around.before.insert(around.before.begin(), id_of_pair(step, "cls"));
      around.after.push_back(id_of_pair(step, "sep"));
    } else if (!is_step(step, "ByteLevel")) {
      refuse_step(step, "no operation does what it does");
    }
  }
  return around;
}

Ids post_process(const Template& around, const Ids& ids) {
  // GenAI turns the constant into its max_length, and each segment of one special token on or off.
  std::vector<Ids> segments;
  for (const TokenId id : around.before) segments.push_back(special(id));
  segments.push_back(truncate_left(ids, constant(kNoTruncation)));
  for (const TokenId id : around.after) segments.push_back(special(id));
  return combine_segments(segments);
}

}  // namespace ovbake
