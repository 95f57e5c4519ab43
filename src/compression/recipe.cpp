#include "compression/recipe.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"

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

/// NNCF refuses AWQ for all others.
constexpr auto kAwqFormats = std::to_array<std::string_view>(
    {"int2_sym", "int3_sym", "int4_sym", "int4_asym", "nf4", "cb4"});

/// Formats of which tests/record/nonfinite.py recorded what NNCF makes of NaN and infinities; and
/// those that keep values as they are.
constexpr auto kNonfinite = std::to_array<std::string_view>(
    {"int4_sym", "int4_asym", "int8_sym", "int8_asym", "f32", "f16", "bf16"});

/// What the options name, or a list of everything that is wrong with them.
class Reader {
 public:
  explicit Reader(const CompressionOptions& options) : options_(options) {}

  const WeightFormat* primary() {
    for (const Word& word : kWords) {
      if (word.option == options_.weight_format) {
        return &find_format(options_.sym ? word.sym_format : word.asym_format);
      }
    }
    std::vector<std::string_view> known;
    for (const Word& word : kWords) known.push_back(word.option);
    for (const WeightFormat* format : formats()) {
      if (format->name == options_.weight_format) return format;
      if (format->groups != WeightFormat::Groups::none) known.push_back(format->name);
    }
    std::ranges::sort(known);
    demand(false, "--weight_format {} is not known; use one of {}", options_.weight_format,
           fmt::join(known, ", "));
    return nullptr;
  }

  const WeightFormat* backup() {
    const std::string name = backup_precision(options_);
    const bool taken =
        name == "int8_sym" || name == "int8_asym" || options_.backup_precision.empty();
    demand(taken || name == "none",
           "--backup_precision {} is not known; use int8_asym, int8_sym or none", name);
    return taken ? &find_format(name) : nullptr;
  }

  GroupSizeFallback fallback() {
    const std::string& name = options_.group_size_fallback;
    demand(name == "error" || name == "ignore" || name == "adjust",
           "--group_size_fallback {} is not known; use adjust, ignore or error", name);
    if (name == "error") return GroupSizeFallback::error;
    return name == "ignore" ? GroupSizeFallback::ignore : GroupSizeFallback::adjust;
  }

  std::int64_t group_size(const WeightFormat& format) {
    const std::int64_t asked = options_.group_size.value_or(format.default_group_size);
    demand(asked == -1 || asked > 0,
           "--group_size {} makes no sense; use a positive number, or -1 for one scale a row",
           asked);
    if (format.groups == WeightFormat::Groups::none) return -1;
    demand(format.groups == WeightFormat::Groups::any || asked == format.default_group_size,
           "--group_size {} is not possible: {} has groups of {}", asked, format.name,
           format.default_group_size);
    return asked;
  }

  void require_nonfinite(const WeightFormat& format) {
    const bool known = std::ranges::find(kNonfinite, format.name) != kNonfinite.end();
    demand(known || !options_.allow_nonfinite,
           "--allow_nonfinite is not possible with {}; use one of {}", format.name,
           fmt::join(kNonfinite, ", "));
    demand(!options_.awq || !options_.allow_nonfinite,
           "--allow_nonfinite is not possible with --awq, which takes means of the values");
  }

  double ratio() {
    demand(options_.ratio > 0 && options_.ratio <= 1,
           "--ratio {} makes no sense; use a number above 0 and at most 1", options_.ratio);
    return options_.ratio;
  }

  void check_awq(const WeightFormat& format) {
    demand(!options_.awq || std::ranges::find(kAwqFormats, format.name) != kAwqFormats.end(),
           "--awq is for {}, not for {}", fmt::join(kAwqFormats, ", "), format.name);
  }

  void throw_any() const {
    if (!faults_.empty()) throw usage_error("{}.", fmt::join(faults_, "; "));
  }

 private:
  template <typename... Args>
  void demand(bool condition, fmt::format_string<Args...> format, Args&&... args) {
    if (!condition) faults_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  const CompressionOptions& options_;
  std::vector<std::string> faults_;
};

}  // namespace

bool Recipe::ignores(const std::string& name) const { return matches_any(ignore, name); }

std::string backup_precision(const CompressionOptions& options) {
  if (!options.backup_precision.empty()) return options.backup_precision;
  const std::string& format = options.weight_format;
  if (format == "mxfp4" || format == "mxfp8_e4m3") return "mxfp8_e4m3";
  return format == "fp4" || format == "fp8_e4m3" ? "fp8_e4m3" : "int8_asym";
}

Recipe read_recipe(const CompressionOptions& options) {
  Reader reader(options);
  Recipe recipe{
      .primary = reader.primary(),
      .backup = reader.backup(),
      .primary_group_size = -1,
      .backup_group_size = -1,
      .fallback = reader.fallback(),
      .ratio = reader.ratio(),
      .all_layers = options.all_layers,
      .awq = options.awq,
      .ignore = options.ignore,
  };
  if (recipe.primary != nullptr) {
    recipe.primary_group_size = reader.group_size(*recipe.primary);
    reader.check_awq(*recipe.primary);
    reader.require_nonfinite(*recipe.primary);
  }
  reader.throw_any();
  if (recipe.backup != nullptr && recipe.backup->groups != WeightFormat::Groups::none) {
    recipe.backup_group_size = recipe.primary_group_size;
    if (recipe.backup->groups == WeightFormat::Groups::fixed) {
      recipe.backup_group_size = recipe.backup->default_group_size;
    }
  }
  return recipe;
}

}  // namespace ovbake
