#include "base/state_names.hpp"

#include <array>
#include <utility>

#include <spdlog/fmt/fmt.h>

namespace ovbake {
namespace {

constexpr std::string_view kCachePast = "past_key_values.";
constexpr std::string_view kCachePresent = "present.";
constexpr std::string_view kHybridPast = "cache_params.past.";
constexpr std::string_view kHybridPresent = "cache_params.present.";
constexpr auto kWords =
    std::to_array<std::pair<StateKind, std::string_view>>({{StateKind::key, "key"},
                                                           {StateKind::value, "value"},
                                                           {StateKind::conv, "conv"},
                                                           {StateKind::ssm, "ssm"}});

std::string_view word_of(StateKind kind) { return kWords[static_cast<std::size_t>(kind)].second; }

StateNames names(StateKind kind, std::string_view past, std::string_view present,
                 std::string_view rest) {
  return {.kind = kind,
          .past = fmt::format("{}{}", past, rest),
          .present = fmt::format("{}{}", present, rest)};
}

}  // namespace

bool grows(StateKind kind) { return kind == StateKind::key || kind == StateKind::value; }

StateNames cache_names(StateKind kind, std::size_t layer) {
  return names(kind, kCachePast, kCachePresent, fmt::format("{}.{}", layer, word_of(kind)));
}

StateNames hybrid_names(StateKind kind, std::size_t number) {
  return names(kind, kHybridPast, kHybridPresent, fmt::format("{}.{}", word_of(kind), number));
}

std::optional<StateNames> names_of_input(std::string_view past) {
  for (const auto& [kind, word] : kWords) {
    if (past.starts_with(kCachePast) && past.ends_with(fmt::format(".{}", word))) {
      return names(kind, kCachePast, kCachePresent, past.substr(kCachePast.size()));
    }
    if (past.starts_with(fmt::format("{}{}.", kHybridPast, word))) {
      return names(kind, kHybridPast, kHybridPresent, past.substr(kHybridPast.size()));
    }
  }
  return std::nullopt;
}

}  // namespace ovbake
