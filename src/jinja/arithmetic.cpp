#include <cmath>

#include "jinja/operators.hpp"

namespace ovbake::jinja {
namespace {

constexpr const char* kSymbols[] = {"+", "-", "*", "/", "//", "%", "**"};

[[noreturn]] void refuse_overflow() { throw Fault("a number does not fit 64 bits"); }

Integer floor_divide(Integer a, Integer b) {
  if (a == INT64_MIN && b == -1) refuse_overflow();
  const Integer quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

double power(double base, double exponent) {
  const double result = std::pow(base, exponent);
  if (!std::isfinite(result)) throw Fault("a power has no finite value");
  return result;
}

Value power(Integer base, Integer exponent) {
  if (exponent < 0) return power(static_cast<double>(base), static_cast<double>(exponent));
  Integer result = 1;
  if (base == 0 || base == 1) return exponent == 0 ? Integer{1} : base;
  if (base == -1) return exponent % 2 == 0 ? Integer{1} : Integer{-1};
  for (Integer i = 0; i < exponent; ++i) {
    if (__builtin_mul_overflow(result, base, &result)) refuse_overflow();
  }
  return result;
}

Value compute_integers(Arithmetic operation, Integer a, Integer b) {
  Integer result = 0;
  bool overflows = false;
  switch (operation) {
    case Arithmetic::add:
      overflows = __builtin_add_overflow(a, b, &result);
      break;
    case Arithmetic::subtract:
      overflows = __builtin_sub_overflow(a, b, &result);
      break;
    case Arithmetic::multiply:
      overflows = __builtin_mul_overflow(a, b, &result);
      break;
    case Arithmetic::divide:
      return static_cast<double>(a) / static_cast<double>(b);
    case Arithmetic::floor_divide:
      return floor_divide(a, b);
    case Arithmetic::modulo:
      return b == -1 ? Integer{0} : a - floor_divide(a, b) * b;
    case Arithmetic::power:
      return power(a, b);
  }
  if (overflows) refuse_overflow();
  return result;
}

double modulo(double a, double b) {
  const double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : std::copysign(rest, b);
}

Value compute_floats(Arithmetic operation, double a, double b) {
  switch (operation) {
    case Arithmetic::add:
      return a + b;
    case Arithmetic::subtract:
      return a - b;
    case Arithmetic::multiply:
      return a * b;
    case Arithmetic::divide:
      return a / b;
    case Arithmetic::floor_divide:
      return std::round((a - modulo(a, b)) / b);
    case Arithmetic::modulo:
      return modulo(a, b);
    case Arithmetic::power:
      return power(a, b);
  }
  return None{};
}

Value compute_numbers(Arithmetic operation, const Value& a, const Value& b) {
  const bool divides = operation == Arithmetic::divide || operation == Arithmetic::floor_divide ||
                       operation == Arithmetic::modulo;
  if (divides && to_double(b) == 0) throw Fault("it divides by zero");
  Integer x = 0, y = 0;
  const Integer* left = as_integer(a, x);
  const Integer* right = as_integer(b, y);
  if (left != nullptr && right != nullptr) return compute_integers(operation, *left, *right);
  return compute_floats(operation, to_double(a), to_double(b));
}

std::string escape_html(Budget& budget, const std::string& text) {
  budget.spend(5 * text.size());
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      case '"':
        escaped += "&#34;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

/// What is added to safe text is escaped, and the sum is safe.
Value add_texts(Budget& budget, const Text& a, const Text& b) {
  budget.spend(a.utf8->size() + b.utf8->size());
  const bool safe = a.safe || b.safe;
  const auto part = [&](const Text& text) {
    return safe && !text.safe ? escape_html(budget, *text.utf8) : *text.utf8;
  };
  return Text{std::make_shared<const std::string>(part(a) + part(b)), safe};
}

std::optional<Value> add_sequences(Budget& budget, const Value& a, const Value& b) {
  const auto* left_text = get<Text>(a);
  const auto* right_text = get<Text>(b);
  if (left_text != nullptr && right_text != nullptr) {
    return add_texts(budget, *left_text, *right_text);
  }
  const auto* left = as_list(a);
  const auto* right = as_list(b);
  if (left == nullptr || right == nullptr || (*left)->kind != (*right)->kind ||
      (*left)->kind > List::Kind::tuple) {
    return std::nullopt;
  }
  std::vector<Value> items = (*left)->items;
  items.insert(items.end(), (*right)->items.begin(), (*right)->items.end());
  return list(budget, std::move(items), (*left)->kind);
}

std::optional<Value> repeat(Budget& budget, const Value& value, const Value& count) {
  Integer storage = 0;
  const Integer* times = as_integer(count, storage);
  if (times == nullptr) return std::nullopt;
  const auto repeats = static_cast<std::uint64_t>(std::max<Integer>(*times, 0));
  if (const auto* string = get<Text>(value); string != nullptr && !string->safe) {
    const std::uint64_t size = string->utf8->size();
    if (size != 0 && repeats > Budget::kLimit / size) budget.spend(Budget::kLimit);
    std::string repeated;
    repeated.reserve(size * (size == 0 ? 0 : repeats));
    for (std::uint64_t i = 0; size != 0 && i < repeats; ++i) repeated += *string->utf8;
    return text(budget, std::move(repeated));
  }
  const auto* items = as_list(value);
  if (items == nullptr || (*items)->kind > List::Kind::tuple) return std::nullopt;
  std::vector<Value> repeated;
  for (std::uint64_t i = 0; !(*items)->items.empty() && i < repeats; ++i) {
    budget.spend((*items)->items.size() * sizeof(Value));
    repeated.insert(repeated.end(), (*items)->items.begin(), (*items)->items.end());
  }
  return list(budget, std::move(repeated), (*items)->kind);
}

}  // namespace

Value compute(Budget& budget, Arithmetic operation, const Value& a, const Value& b) {
  if (is_number(a) && is_number(b)) return compute_numbers(operation, a, b);
  std::optional<Value> result;
  if (operation == Arithmetic::add) result = add_sequences(budget, a, b);
  if (operation == Arithmetic::multiply) {
    result = repeat(budget, a, b);
    if (!result) result = repeat(budget, b, a);
  }
  if (result) return *result;
  for (const Value& value : {a, b}) {
    if (const auto* missing = get<Undefined>(value)) throw Fault("{} is undefined", *missing->what);
  }
  throw Fault("{} cannot be applied to values of type {} and {}",
              kSymbols[static_cast<int>(operation)], type_name(a), type_name(b));
}

Value negate(const Value& value) {
  if (const auto* real = get<double>(value)) return -*real;
  Integer storage = 0;
  const Integer* integer = as_integer(value, storage);
  if (integer == nullptr)
    throw Fault("- cannot be applied to a value of type {}", type_name(value));
  return compute_integers(Arithmetic::subtract, 0, *integer);
}

}  // namespace ovbake::jinja
