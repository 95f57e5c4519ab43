// What templates may call: a table of each kind, and how arguments find their parameters.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jinja/context.hpp"

namespace ovbake::jinja {

struct Arguments {
  std::vector<Value> positional{};
  Members named{};
};

/// The arguments of a call, each at the place of its parameter.
class Bound {
 public:
  /// Refuses what is missing, surplus or of an unknown name. `parameters` are names, with a ? after
  /// one that may be missing; * and ** at their end stand for any others, which are in rest().
  Bound(std::string_view callee, const std::vector<std::string_view>& parameters,
        const Arguments& arguments);

  const Value& operator[](std::size_t place) const { return *values_[place]; }
  /// Nothing where it was not given.
  const Value* find(std::size_t place) const { return values_[place] ? &*values_[place] : nullptr; }
  const Arguments& rest() const { return rest_; }

  /// These refuse values of other types.
  const std::string& text(std::size_t place) const;
  Integer integer(std::size_t place, std::optional<Integer> otherwise = std::nullopt) const;
  bool flag(std::size_t place, bool otherwise) const;

 private:
  void place_named(const Members::value_type& argument,
                   const std::vector<std::string_view>& parameters);

  std::string_view callee_;
  std::vector<std::optional<Value>> values_;
  Arguments rest_;
};

struct Builtin {
  std::string_view name;
  std::vector<std::string_view> parameters;  ///< As Bound takes them.
  Value (*call)(Context& context, const Bound& arguments);
};

std::span<const Builtin> global_functions();
/// Parameter 0 of these is the value that they are applied to.
std::span<const Builtin> text_filters();
std::span<const Builtin> sequence_filters();
std::span<const Builtin> number_filters();
std::span<const Builtin> tests();
std::span<const Builtin> text_methods();
std::span<const Builtin> list_methods();
std::span<const Builtin> dict_methods();

const Builtin* find_builtin(std::span<const Builtin> table, std::string_view name);
/// Any filter.
const Builtin* find_filter(std::string_view name);

/// `function` as a value; with `self`, as a method of it.
Value bind(const Builtin& function, const Value* self = nullptr);

/// Applies the filter or test to `value`.
Value apply(Context& context, const Builtin& function, const Value& value, Arguments arguments);

}  // namespace ovbake::jinja
