#include "compression/recipe.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace ovbake {
namespace {

struct Word {
  std::string_view option;
  std::string_view sym_format;
  std::string_view asym_format;
};

/// optimum-cli's words for --weight-format that differ from the names of formats.
constexpr auto kWords = std::to_array<Word>({
    {"fp32", "f32", "f32"},
    {"fp16", "f16", "f16"},
    {"bf16", "bf16", "bf16"},
    {"int8", "int8_sym", "int8_asym"},
    {"int4", "int4_sym", "int4_asym"},
});

const WeightFormat& primary_format(const CompressionOptions& options) {
  for (const Word& word : kWords) {
    if (word.option == options.weight_format) {
      return find_format(options.sym ? word.sym_format : word.asym_format);
    }
  }
  std::vector<std::string_view> known;
  for (const Word& word : kWords) known.push_back(word.option);
  for (const WeightFormat* format : formats()) {
    if (format->name == options.weight_format) return *format;
    if (format->groups != WeightFormat::Groups::none && !format->name.starts_with("int4")) {
      known.push_back(format->name);
    }
  }
  std::ranges::sort(known);
  throw usage_error("weight_format {} is not known; use one of {}.", options.weight_format,
                    fmt::join(known, ", "));
}

const WeightFormat* backup_format(const CompressionOptions& options) {
  if (options.backup_precision == "none") return nullptr;
  if (options.backup_precision == "int8_sym" || options.backup_precision == "int8_asym") {
    return &find_format(options.backup_precision);
  }
  throw usage_error("backup_precision {} is not known; use int8_asym, int8_sym or none.",
                    options.backup_precision);
}

GroupSizeFallback group_size_fallback(const CompressionOptions& options) {
  if (options.group_size_fallback == "error") return GroupSizeFallback::error;
  if (options.group_size_fallback == "ignore") return GroupSizeFallback::ignore;
  if (options.group_size_fallback == "adjust") return GroupSizeFallback::adjust;
  throw usage_error("group_size_fallback {} is not known; use adjust, ignore or error.",
                    options.group_size_fallback);
}

}  // namespace

Recipe read_recipe(const CompressionOptions& options) {
  Recipe recipe{
      .primary = &primary_format(options),
      .backup = backup_format(options),
      .primary_group_size = options.group_size,
      .backup_group_size = -1,
      .fallback = group_size_fallback(options),
      .ratio = options.ratio,
  };
  if (options.group_size != -1 && options.group_size <= 0) {
    throw usage_error("group_size {} makes no sense; use a positive number, or -1 for one a row.",
                      options.group_size);
  }
  if (!(options.ratio > 0 && options.ratio <= 1)) {
    throw usage_error("ratio {} makes no sense; use a number above 0 and at most 1.",
                      options.ratio);
  }
  if (recipe.uniform()) recipe.primary_group_size = -1;
  return recipe;
}

}  // namespace ovbake
