#include "tokenizer/held_characters.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

#include <openvino/op/add.hpp>
#include <openvino/op/concat.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/cum_sum.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/greater.hpp>
#include <openvino/op/if.hpp>
#include <openvino/op/multiply.hpp>
#include <openvino/op/non_zero.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/scatter_update.hpp>
#include <openvino/op/shape_of.hpp>
#include <openvino/op/subtract.hpp>
#include <openvino/op/variadic_split.hpp>

#include "base/utf8.hpp"

namespace ovbake {
namespace {

using ov::op::v0::Parameter;
using ov::op::v1::Add;
using ov::op::v1::Multiply;
using ov::op::v1::Subtract;

using Change = std::function<Strings(const Strings&)>;

constexpr std::size_t kBytes = 256;
constexpr std::size_t kLastClass = kBytes - 1;

Value one_element(std::int32_t value) { return constant(std::vector{value}); }

Value as_i32(const Value& value) {
  return std::make_shared<ov::op::v0::Convert>(value, ov::element::i32);
}

Value gather(const Value& values, const Value& indices) {
  return std::make_shared<ov::op::v8::Gather>(values, indices, constant(0));
}

/// Which third bytes make one of the characters, 1 for yes.
using ThirdBytes = std::array<char, kBytes>;

constexpr ThirdBytes all_third_bytes() {
  ThirdBytes all;
  all.fill(1);
  return all;
}

/// The first two bytes have a class by the third bytes that make one of the characters: class 0 is
/// none, class 1 all. Four bytes are told by three of them.
struct Tables {
  std::string class_of_two = std::string(kBytes * kBytes, '\0');
  std::string held_by_class_and_third = std::string(kBytes, '\0');
};

/// May tell too much, never too little.
Tables tables_of(const std::set<char32_t>& characters) {
  std::map<std::size_t, ThirdBytes> thirds;
  for (const char32_t character : characters) {
    std::string bytes;
    append_character(bytes, character);
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes.at(i)); };
    ThirdBytes& third = thirds[at(0) * kBytes + at(1)];
    if (bytes.size() == 2) {
      third = all_third_bytes();
    } else {
      third[at(2)] = 1;
    }
  }
  Tables tables;
  std::string& held = tables.held_by_class_and_third;
  std::map<ThirdBytes, char> classes;
  const auto class_of = [&](const ThirdBytes& third) {
    const auto [found, is_new] = classes.try_emplace(third, held.size() / kBytes);
    if (is_new) held.append(third.data(), kBytes);
    return found->second;
  };
  const char all = class_of(all_third_bytes());
  for (const auto& [two, third] : thirds) {
    tables.class_of_two[two] = classes.size() < kLastClass ? class_of(third) : all;
  }
  return tables;
}

/// How many of the characters begin before each place in `chars`, and before its end.
Value held_before(const Value& chars, const Tables& tables) {
  const auto padded =
      std::make_shared<ov::op::v0::Concat>(ov::OutputVector{chars, text_constant("  ")}, 0);
  const auto from = [&](std::int32_t first) {  // Slice copies byte by byte.
    const std::vector<std::int32_t> lengths{first, -1, 2 - first};
    return as_i32(
        std::make_shared<ov::op::v1::VariadicSplit>(padded, constant(0), constant(lengths))
            ->output(1));
  };
  const auto pair = [](const Value& high, const Value& low) {
    return std::make_shared<Add>(std::make_shared<Multiply>(high, constant(std::int32_t{kBytes})),
                                 low);
  };
  const Value classes = as_i32(gather(text_constant(tables.class_of_two), pair(from(0), from(1))));
  const Value held =
      as_i32(gather(text_constant(tables.held_by_class_and_third), pair(classes, from(2))));
  const auto with_end =
      std::make_shared<ov::op::v0::Concat>(ov::OutputVector{held, one_element(0)}, 0);
  return std::make_shared<ov::op::v0::CumSum>(with_end, constant(0), true, false);
}

/// Indices of the strings to be changed.
Value indices_of(const Pieces& pieces, const Tables& tables) {
  const Value before = held_before(pieces.text.chars, tables);
  Value held = std::make_shared<Subtract>(gather(before, pieces.text.ends),
                                          gather(before, pieces.text.begins));
  if (pieces.skips) {
    const auto not_skipped = std::make_shared<Subtract>(constant(1), as_i32(*pieces.skips));
    held = std::make_shared<Multiply>(held, not_skipped);
  }
  const auto found = std::make_shared<ov::op::v3::NonZero>(held, ov::element::i32);
  return std::make_shared<ov::op::v1::Reshape>(found, one_element(-1), false);
}

/// The strings with those at `indices` changed; what they were stays unused.
Strings change_some(const Strings& text, const Value& indices, const Change& change) {
  const Strings changed =
      change({gather(text.begins, indices), gather(text.ends, indices), text.chars});
  const auto size = std::make_shared<ov::op::v3::ShapeOf>(text.chars, ov::element::i32);
  const auto put = [&](const Value& places, const Value& updates) {
    return std::make_shared<ov::op::v3::ScatterUpdate>(
        places, indices, std::make_shared<Add>(updates, size), constant(0));
  };
  return {put(text.begins, changed.begins), put(text.ends, changed.ends),
          std::make_shared<ov::op::v0::Concat>(ov::OutputVector{text.chars, changed.chars}, 0)};
}

/// A branch of an If.
struct Branch {
  std::shared_ptr<Parameter> begins = parameter(ov::element::i32);
  std::shared_ptr<Parameter> ends = parameter(ov::element::i32);
  std::shared_ptr<Parameter> chars = parameter(ov::element::u8);
  std::shared_ptr<Parameter> indices = parameter(ov::element::i32);

  static std::shared_ptr<Parameter> parameter(ov::element::Type type) {
    return std::make_shared<Parameter>(type, ov::PartialShape{-1});
  }
  std::shared_ptr<ov::Model> giving(const Strings& text) const {
    return std::make_shared<ov::Model>(ov::OutputVector{text.begins, text.ends, text.chars},
                                       ov::ParameterVector{begins, ends, chars, indices});
  }
};

}  // namespace

Pieces change_where_held(Pieces pieces, const std::set<char32_t>& characters,
                         const Change& change) {
  const Value indices = indices_of(pieces, tables_of(characters));
  const auto count = std::make_shared<ov::op::v3::ShapeOf>(indices, ov::element::i32);
  const auto any = std::make_shared<ov::op::v1::Greater>(count, one_element(0));
  const Branch some, none;
  const auto changed =
      some.giving(change_some({some.begins, some.ends, some.chars}, some.indices, change));
  const auto same = none.giving({none.begins, none.ends, none.chars});
  const auto choice = std::make_shared<ov::op::v8::If>(any);
  choice->set_then_body(changed);
  choice->set_else_body(same);
  choice->set_input(pieces.text.begins, some.begins, none.begins);
  choice->set_input(pieces.text.ends, some.ends, none.ends);
  choice->set_input(pieces.text.chars, some.chars, none.chars);
  choice->set_input(indices, some.indices, none.indices);
  const auto output = [&](std::size_t i) {
    return choice->set_output(changed->get_results()[i], same->get_results()[i]);
  };
  pieces.text = {output(0), output(1), output(2)};
  return pieces;
}

}  // namespace ovbake
