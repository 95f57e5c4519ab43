// Filters that make a number of a value.
#include <charconv>
#include <cmath>
#include <string>

#include "jinja/builtin.hpp"
#include "jinja/operators.hpp"
#include "jinja/python_text.hpp"

namespace ovbake::jinja {
namespace {

constexpr Integer kMostDigits = 300;

/// The number that the whole of `text` is, white space around it aside.
template <typename Number>
std::optional<Number> read_number(std::string_view text) {
  text = strip_left(strip_right(text));
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  Number number{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = read.ptr == text.data() + text.size();
  if (whole && read.ec == std::errc::result_out_of_range) throw Fault("a number is too large");
  return whole && read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

Integer truncate(double real) {
  if (std::abs(real) >= 9.2e18) throw Fault("a number does not fit 64 bits");
  return static_cast<Integer>(real);
}

void refuse_undefined(const Value& value) {
  if (const auto* missing = get<Undefined>(value)) throw Fault("{} is undefined", *missing->what);
}

Value to_int(Context&, const Bound& arguments) {
  const Value& value = arguments[0];
  refuse_undefined(value);
  if (arguments.integer(2, 10) != 10) throw Fault("int is supported only in base 10");
  std::optional<double> real;
  if (const auto* string = get<Text>(value)) {
    if (const auto integer = read_number<Integer>(*string->utf8)) return *integer;
    real = read_number<double>(*string->utf8);
  } else if (is_number(value)) {
    Integer storage = 0;
    if (const Integer* integer = as_integer(value, storage)) return *integer;
    real = to_double(value);
  }
  if (real && std::isfinite(*real)) return truncate(*real);
  return arguments.find(1) == nullptr ? Integer{0} : arguments[1];
}

Value to_float(Context&, const Bound& arguments) {
  const Value& value = arguments[0];
  refuse_undefined(value);
  if (is_number(value)) return to_double(value);
  const auto* string = get<Text>(value);
  const auto real = string == nullptr ? std::nullopt : read_number<double>(*string->utf8);
  if (real) return *real;
  return arguments.find(1) == nullptr ? 0.0 : arguments[1];
}

void require_number(const Value& value) {
  refuse_undefined(value);
  if (!is_number(value)) throw Fault("a value of type {} is used as a number", type_name(value));
}

Value absolute(Context&, const Bound& arguments) {
  const Value& value = arguments[0];
  require_number(value);
  if (const auto* real = get<double>(value)) return std::abs(*real);
  Integer storage = 0;
  const Integer integer = *as_integer(value, storage);
  return integer < 0 ? negate(integer) : integer;
}

/// The nearest decimal of so many digits, of two the even one, as Python's round() finds it.
double round_to(double real, Integer digits) {
  return std::strtod(fmt::format("{:.{}f}", real, digits).c_str(), nullptr);
}

Value round(Context&, const Bound& arguments) {
  const Value& value = arguments[0];
  require_number(value);
  const Integer digits = arguments.integer(1, 0);
  if (digits < 0 || digits > kMostDigits) throw Fault("round is given {} digits", digits);
  const std::string method = arguments.find(2) == nullptr ? "common" : arguments.text(2);
  if (method == "common") {
    return holds<double>(value) ? Value(round_to(to_double(value), digits)) : value;
  }
  const double factor = std::pow(10.0, static_cast<double>(digits));
  const double scaled = to_double(value) * factor;
  if (method == "ceil") return std::ceil(scaled) / factor;
  if (method == "floor") return std::floor(scaled) / factor;
  throw Fault("round is given a method that is not common, ceil or floor");
}

}  // namespace

std::span<const Builtin> number_filters() {
  static const Builtin table[] = {
      {"int", {"value", "default?", "base?"}, to_int},
      {"float", {"value", "default?"}, to_float},
      {"abs", {"value"}, absolute},
      {"round", {"value", "precision?", "method?"}, round},
  };
  return table;
}

}  // namespace ovbake::jinja
