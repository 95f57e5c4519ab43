// The list of parts that every struct of a description gives, and the walk that reads it.
#pragma once

#include <concepts>
#include <ranges>
#include <tuple>
#include <variant>

namespace ovbake {

/// A struct of the description. parts() ties its fields, each once, in the order of computation;
/// equality, the tensors of a model and every other walk read this list and no other.
template <typename T>
concept Described = requires(const T& whole) {
  whole.parts();
};

template <Described T>
bool operator==(const T& a, const T& b) {
  return a.parts() == b.parts();
}

/// Calls `visit` with `part`, and with every part inside of it, where it takes their type: a struct
/// before its parts, parts in the order of computation.
template <typename Part, typename Visit>
void walk(const Part& part, const Visit& visit) {
  if constexpr (std::invocable<const Visit&, const Part&>) visit(part);
  if constexpr (Described<Part>) {
    std::apply([&](const auto&... each) { (walk(each, visit), ...); }, part.parts());
  } else if constexpr (requires { std::variant_size<Part>::value; }) {
    std::visit([&](const auto& kind) { walk(kind, visit); }, part);
  } else if constexpr (requires { part.has_value(); }) {
    if (part) walk(*part, visit);
  } else if constexpr (std::ranges::range<Part>) {
    for (const auto& each : part) walk(each, visit);
  }
}

}  // namespace ovbake
