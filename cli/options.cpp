#include "options.hpp"

#include <fstream>
#include <map>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

namespace ovbake::cli {
namespace {

using Json = nlohmann::json;

template <typename... Args>
Error usage_error(fmt::format_string<Args...> format, Args&&... args) {
  return {ErrorCode::usage, fmt::format(format, std::forward<Args>(args)...)};
}

Json read_config_file(const std::filesystem::path& path) {
  std::error_code none;
  std::ifstream stream(path);
  if (!stream || std::filesystem::is_directory(path, none))
    throw usage_error("The config file {} cannot be read; check --config.", path.string());
  Json config = Json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!config.is_object()) {
    throw usage_error(
        "The config file {} is not a JSON object such as {{\"bits\": 4, \"sym\": true, "
        "\"group_size\": 128, \"ratio\": 1.0}}.",
        path.string());
  }
  return config;
}

/// One value of the config file; asking for it as the wrong type is a usage error.
struct ConfigValue {
  const std::filesystem::path& file;
  const std::string& key;
  const Json& value;

  Error wrong(std::string_view expected) const {
    return usage_error("The key \"{}\" of the config file {} is {}; it must be {}.", key,
                       file.string(), value.dump(-1, ' ', false, Json::error_handler_t::replace),
                       expected);
  }
  bool boolean() const {
    if (!value.is_boolean()) throw wrong("true or false");
    return value.get<bool>();
  }
  std::int64_t integer() const {
    if (!value.is_number_integer()) throw wrong("a whole number");
    return value.get<std::int64_t>();
  }
  double number() const {
    if (!value.is_number()) throw wrong("a number");
    return value.get<double>();
  }
  std::string weight_format() const {
    if (value != 4 && value != 8) throw wrong("4 or 8");
    return fmt::format("int{}", value.get<int>());
  }
};

void apply(const ConfigValue& entry, const CLI::App& app, CompressionOptions& compression) {
  const auto given = [&app](const char* option) { return app.count(option) > 0; };
  if (entry.key == "bits") {
    const std::string value = entry.weight_format();
    if (!given("--weight_format")) compression.weight_format = value;
  } else if (entry.key == "sym") {
    const bool value = entry.boolean();
    if (!given("--sym")) compression.sym = value;
  } else if (entry.key == "group_size") {
    const std::int64_t value = entry.integer();
    if (!given("--group_size")) compression.group_size = value;
  } else if (entry.key == "ratio") {
    const double value = entry.number();
    if (!given("--ratio")) compression.ratio = value;
  } else {
    throw usage_error(
        "The config file {} has the unknown key \"{}\"; known are bits, sym, group_size "
        "and ratio.",
        entry.file.string(), entry.key);
  }
}

/// Turns "64MB" into bytes; returns what is wrong with it. CLI11 alone takes -1 for 2⁶⁴ - 1.
std::string to_bytes(std::string& text) {
  constexpr std::size_t kMostDigits = 18;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > kMostDigits) return text + " is no amount of memory, such as 64MB";
  return CLI::AsSizeValue(/*kb_is_1000=*/true)(text);
}

}  // namespace

void add_threads_option(CLI::App& app, unsigned& threads) {
  app.add_option("--threads", threads, "Threads to use; default: all cores")
      ->check(CLI::Range(1U, 1U << 16));
}

void add_compression_options(CLI::App& app, CompressionOptions& compression) {
  const auto add = [](CLI::Option* option) { option->group("Compression"); };
  add(app.add_option(
      "--weight_format", compression.weight_format,
      "What projections become: int4, int8, fp16, bf16, fp32, or a format by NNCF's name"));
  add(app.add_option(
      "--group_size", compression.group_size,
      "Weights that share one scale, -1 for a whole row; default: what NNCF takes for "
      "the format, which is 128 for int4"));
  add(app.add_option("--ratio", compression.ratio,
                     "Share of the layers' weights that become INT4; the rest becomes INT8"));
  add(app.add_flag("--sym,!--no_sym", compression.sym,
                   "Symmetric INT4 or INT8; NPUs take no other INT4"));
  add(app.add_option(
      "--group_size_fallback", compression.group_size_fallback,
      "Where the group does not divide a row: adjust it, ignore the layer, or end in error"));
  add(app.add_option("--backup_precision", compression.backup_precision,
                     "What embeddings, lm_head and the rest beyond --ratio become: int8_asym, "
                     "int8_sym or none; default: what NNCF takes, which is int8_asym for int4"));
  add(app.add_flag("--all_layers", compression.all_layers,
                   "Give embeddings and lm_head the weight format too"));
  add(app.add_flag("--awq", compression.awq,
                   "Even out the columns of down projections, as NNCF's AWQ does without data"));
  add(app.add_option("--ignore", compression.ignore,
                     "Shell patterns of names of weights that are left as they are"));
  add(app.add_flag("--allow_nonfinite", compression.allow_nonfinite,
                   "Take NaN and infinities as NNCF does instead of refusing them"));
}

void add_model_option(CLI::App& app, std::filesystem::path& model) {
  app.add_option("--model_id,--model,-m", model,
                 "Folder of a Hugging Face checkpoint, or the model's id on the hub")
      ->required()
      ->group("Model");
}

void add_hub_options(CLI::App& app, HubOptions& hub) {
  const auto add = [](CLI::Option* option) { option->group("Model"); };
  add(app.add_option("--revision", hub.revision, "Branch, tag or commit of a model's id"));
  add(app.add_option("--cache_dir", hub.cache_dir,
                     "The hub's cache; default: HF_HUB_CACHE, or hub in HF_HOME"));
  add(app.add_option("--token", hub.token,
                     "Token for the hub; HF_TOKEN, which others cannot see, is better"));
}

void add_ignore_tensors_option(CLI::App& app, BakeOptions& bake) {
  app.add_option("--ignore_tensors", bake.ignore_tensors,
                 "Shell patterns of names of stored tensors that are left out although the model "
                 "might need them")
      ->group("Model");
}

void add_config_option(CLI::App& app, BakeOptions& bake) {
  app.add_option("--ignore_config_keys", bake.ignore_config_keys,
                 "Keys of config.json to bake without, as if it did not have them")
      ->delimiter(',')
      ->group("Model");
}

void add_stream_option(CLI::App& app, BakeOptions& bake) {
  app.add_flag("--stream", bake.stream,
               "Bake the weights of an id while they come, and keep nothing of them")
      ->group("Model");
}

void add_target_option(CLI::App& app, Target& target) {
  const std::map<std::string, Target> names{{"npu", Target::npu}, {"any", Target::any}};
  app.add_option("--target", target,
                 "npu: refuse at once what an NPU does not take; any: look at no device's limits")
      ->transform(CLI::CheckedTransformer(names))
      ->option_text("npu|any");
}

void add_tokenizer_option(CLI::App& app, BakeOptions& bake) {
  app.add_flag("!--disable_convert_tokenizer", bake.convert_tokenizer,
               "Leave the tokenizer's IR out; LLMPipeline then cannot load the result")
      ->group("Graphs");
}

void add_writing_options(CLI::App& app, BakeOptions& bake) {
  const auto add = [](CLI::Option* option) { option->group("Output"); };
  add(app.add_flag("--overwrite", bake.overwrite,
                   "Replace the folder if it exists, in one step at the end"));
  add(app.add_flag("--resume", bake.resume,
                   "Go on where a bake of the same model and options was killed"));
  add(app.add_flag("--sha256", bake.sha256, "Also record the sha256 of every file"));
  add(app.add_flag("!--no_fsync", bake.durable, "Do not wait until the disk holds everything"));
  add(app.add_flag("--drop_source_cache", bake.drop_source_cache,
                   "Evict what was read of the model from the page cache"));
  add(app.add_option(
             "--max_memory", bake.max_memory,
             "Memory that the bake may take, such as 64MB; it takes fewer threads for it, or "
             "says how much would do")
          ->transform(CLI::Validator(to_bytes, "SIZE", "size")));
  add_threads_option(app, bake.threads);
}

void add_bake_options(CLI::App& app, BakeArguments& arguments) {
  BakeOptions& bake = arguments.bake;
  add_model_option(app, bake.model);
  add_hub_options(app, bake.hub);
  add_ignore_tensors_option(app, bake);
  add_config_option(app, bake);
  add_target_option(app, bake.target);
  add_compression_options(app, bake.compression);
  app.add_option("--config", arguments.config_file,
                 "JSON file with bits, sym, group_size, ratio; the command line wins over it")
      ->group("Compression");
  app.add_option("--max_prompt_len", bake.max_prompt_len, "Positions of the prefill graph")
      ->group("Graphs");
  app.add_option("--min_response_len", bake.min_response_len,
                 "Positions that the decode graph holds beyond the prompt's")
      ->group("Graphs");
  app.add_option("--logits", arguments.logits,
                 "What the prefill graph returns: the last row or all")
      ->check(CLI::IsMember({"last", "all"}))
      ->group("Graphs");
  add_tokenizer_option(app, bake);
}

BakeOptions resolve(const CLI::App& app, const BakeArguments& arguments) {
  BakeOptions options = arguments.bake;
  options.last_logits_only = arguments.logits == "last";
  if (arguments.config_file.empty()) return options;
  const Json config = read_config_file(arguments.config_file);
  for (const auto& [key, value] : config.items()) {
    apply({arguments.config_file, key, value}, app, options.compression);
  }
  return options;
}

}  // namespace ovbake::cli
