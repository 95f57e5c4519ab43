// The operations of the openvino_tokenizers extension as graph nodes, made without the extension:
// each is an own ov::Op that serializes under the extension's name, so a conversion needs no
// library beside OpenVINO. One function an operation; the words are the extension's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <openvino/core/node_output.hpp>

namespace ovbake {

using Value = ov::Output<ov::Node>;

/// A list of strings as three tensors: i32 begins and ends into u8 chars.
struct Strings {
  Value begins, ends, chars;
};

/// Rows of strings: row i holds the strings [row_begins[i], row_ends[i]). `skips` marks strings
/// that are whole added tokens, which normalizers and splitters leave alone.
struct Pieces {
  Value row_begins, row_ends;
  Strings text;
  std::optional<Value> skips;
};

/// Rows of token ids: row i holds values[row_begins[i] .. row_ends[i]).
struct Ids {
  Value row_begins, row_ends, values;
};

/// What RegexSplit does with the text that its pattern matches, or with the rest.
enum class SplitBehaviour { remove, isolate, remove_rest };

Value constant(std::int32_t scalar);
Value constant(std::span<const std::int32_t> values);
Value constant(std::span<const float> values);
/// One string as u8 chars: the form in which patterns are passed.
Value text_constant(std::string_view text);

Strings unpack(const Value& strings);
Value pack(const Strings& strings);
/// One piece a row.
Pieces one_piece_a_row(const Strings& strings);
/// For operations that change each string, whatever its row.
Pieces without_rows(const Strings& strings);

/// False for every string.
Value none_of(const Strings& strings);
/// True for every string that either is true for.
Value either(const Value& a, const Value& b);
/// True for every string that begins with `byte`.
Value begin_with(const Strings& strings, std::uint8_t byte);

/// The same pieces above one more character, that none of them holds: RegexSplit gives one row for
/// any number of rows where there is no character at all.
Pieces with_spare_character(Pieces pieces);
Pieces regex_split(const Pieces& pieces, std::string_view pattern, SplitBehaviour behaviour);
/// Cuts out what `pattern` matches, keeps the group of it that matches, and marks that to be
/// skipped. The operation takes no marks of before: it looks for its pattern in their place.
Pieces special_tokens_split(const Pieces& pieces, std::string_view pattern);

/// Replaces every match (the first only, where `everywhere` is false). `replacement` may use $1 …
/// $9.
Pieces regex_replace(Pieces pieces, std::string_view pattern, std::string_view replacement,
                     bool everywhere = true);
Strings regex_replace(const Strings& strings, std::string_view pattern,
                      std::string_view replacement, bool everywhere = true);

/// Replaces by a map in the form of `precompiled_charsmap`.
Pieces charsmap(Pieces pieces, std::string_view precompiled);
Strings charsmap(const Strings& strings, std::string_view precompiled);

struct BpeAttributes {
  std::string unk_token;
  std::string end_suffix;
  std::int64_t cache_capacity;
};
/// `aliases` are further strings of the vocabulary, each with the id it stands for.
Ids bpe_tokenizer(const Pieces& pieces, const Strings& vocabulary, const Strings& left_merges,
                  const Strings& right_merges, const Strings& aliases, const Value& alias_ids,
                  const BpeAttributes& attributes);

Ids unigram_tokenizer(const Pieces& pieces, const Strings& vocabulary, const Value& scores,
                      std::int32_t unk_token_id);
Ids wordpiece_tokenizer(const Pieces& pieces, const Strings& vocabulary, std::int32_t unk_token_id,
                        std::string_view prefix);
/// The id of each piece: that of its string in `vocabulary`, `unk_token_id` where it has none.
Ids vocab_encoder(const Pieces& pieces, const Strings& vocabulary, const Value& ids,
                  std::int32_t unk_token_id);
/// Replaces each id by its entry in `table`.
Ids map_ids(Ids ids, std::span<const std::int32_t> table);

/// Keeps the last `max_length` ids of each row.
Ids truncate_left(const Ids& ids, const Value& max_length);
/// Rows joined from segments: each is a row of ids for every row, or one for all of them.
Ids combine_segments(std::span<const Ids> segments);
struct Dense {
  Value values, mask;
};
/// Pads every row on the left to the longest.
Dense ragged_to_dense(const Ids& ids, std::int32_t padding);

/// Strings of ids i32 [rows, length]; those in `skipped` become empty strings.
Pieces vocab_decoder(const Value& ids, const Strings& vocabulary,
                     std::span<const std::int32_t> skipped);
/// Joins the pieces of each row.
Strings fuse(const Pieces& pieces);

}  // namespace ovbake
