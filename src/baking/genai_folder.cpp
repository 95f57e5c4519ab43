#include "baking/genai_folder.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "compression/recipe.hpp"
#include "tokenizer/chat_template.hpp"

namespace ovbake {
namespace {

constexpr auto kCopied = std::to_array<std::string_view>({
    "added_tokens.json",
    "config.json",
    "generation_config.json",
    "merges.txt",
    "special_tokens_map.json",
    "tekken.json",
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "vocab.json",
});

constexpr std::uint64_t kMaxFileBytes = 512 << 20;

/// What their readers make of these is an object, whose members differ from model to model.
constexpr auto kObjects = std::to_array<std::string_view>(
    {"added_tokens.json", "special_tokens_map.json", "tokenizer_config.json"});

bool is_token(const Json& value) { return value.is_null() || value.is_number_integer(); }

/// Throws where neither LLMPipeline nor transformers could use it.
void check_generation_config(const Json& config, const std::string& where) {
  if (!config.is_object()) {
    throw input_error("{} holds no JSON object; correct or remove it.", where);
  }
  for (const char* key : {"bos_token_id", "eos_token_id", "pad_token_id"}) {
    const auto found = config.find(key);
    if (found == config.end() || is_token(*found)) continue;
    if (found->is_array() && std::ranges::all_of(*found, is_token)) continue;
    throw input_error("{} has {} for {}, where a token's number is needed; correct or remove it.",
                      where, escape(found->dump()), key);
  }
}

/// Throws where a file that is copied is not what its readers need it to be.
void check_companion(const SmallFiles& checkpoint, std::string_view name) {
  const std::string where = checkpoint.path_of(name).string();
  if (name == "generation_config.json") {
    check_generation_config(checkpoint.json(name), where);
  } else if (std::ranges::find(kObjects, name) != kObjects.end()) {
    if (!checkpoint.json(name).is_object()) {
      throw input_error("{} holds no JSON object; correct or remove it.", where);
    }
  } else if (name.ends_with(".json") && name != "config.json") {
    if (!Json::accept(checkpoint.text(name, kMaxFileBytes))) {
      throw input_error("{} is not valid JSON; download it again.", where);
    }
  }
}

/// What transformers derives where a checkpoint has no generation_config.json: the ids of the
/// model, or else of its text part.
Json default_generation_config(const Json& config) {
  Json result{{"_from_model_config", true}};
  const Json whole[] = {config, config.value("text_config", Json::object()),
                        config.value("llm_config", Json::object()),
                        config.value("language_config", Json::object())};
  for (const char* key : {"bos_token_id", "eos_token_id", "pad_token_id", "transformers_version"}) {
    for (const Json& part : whole) {
      const Json value = part.is_object() ? part.value(key, Json()) : Json();
      if (!value.is_null() && !result.contains(key)) result[key] = value;
    }
  }
  return result;
}

void write_chat_templates(const SmallFiles& checkpoint, const std::filesystem::path& folder) {
  const std::string chat_template = read_chat_template(checkpoint);
  if (!chat_template.empty()) write_text(folder / "chat_template.jinja", chat_template);
  const auto named = read_named_chat_templates(checkpoint);
  if (named.empty()) return;
  const std::filesystem::path additional = folder / "additional_chat_templates";
  make_folder(additional);
  for (const auto& [name, text] : named) write_text(additional / (name + ".jinja"), text);
}

/// Whether weights keep a floating-point type that needs no scale.
bool is_uncompressed(const Recipe& recipe) {
  return recipe.uniform() && !recipe.primary->name.starts_with("int");
}

Json openvino_config(const CompressionOptions& compression) {
  const Recipe recipe = read_recipe(compression);
  if (is_uncompressed(recipe)) return {{"dtype", compression.weight_format}};
  const bool eight_bits = compression.weight_format.find('8') != std::string::npos;
  return {{"dtype", compression.weight_format},
          {"quantization_config",
           {{"bits", eight_bits ? 8 : 4},
            {"sym", compression.sym},
            {"group_size", recipe.primary_group_size},
            {"ratio", compression.ratio},
            {"backup_precision", backup_precision(compression)},
            {"quant_method", compression.awq ? "awq" : "default"}}}};
}

}  // namespace

void write_companions(const Checkpoint& checkpoint, const CompressionOptions& compression,
                      const std::filesystem::path& folder) {
  const SmallFiles& files = checkpoint.small_files();
  for (const std::string_view name : kCopied) {
    if (!files.has(name)) continue;
    check_companion(files, name);
    write_text(folder / name, files.text(name, kMaxFileBytes));
  }
  write_chat_templates(files, folder);
  write_text(folder / "openvino_config.json", openvino_config(compression).dump(2) + "\n");
  if (!files.has("generation_config.json")) {
    const Json config = files.json("config.json");
    write_text(folder / "generation_config.json", default_generation_config(config).dump(2) + "\n");
  }
}

void annotate(ov::Model& open_graph, const CompressionOptions& compression) {
  const auto set = [&](const std::string& section, const std::string& key,
                       const std::string& value) {
    open_graph.set_rt_info(value, {"nncf", section, key});
  };
  open_graph.set_rt_info(std::string("8.0"), {"runtime_options", "ACTIVATIONS_SCALE_FACTOR"});
  open_graph.set_rt_info(std::string(version()), {"ovbake", "version"});
  const Recipe recipe = read_recipe(compression);
  if (is_uncompressed(recipe)) {
    open_graph.set_rt_info(std::string("f16"), {"runtime_options", "KV_CACHE_PRECISION"});
    return;
  }
  set("weight_compression", "mode", std::string(recipe.primary->name));
  set("weight_compression", "group_size", std::to_string(recipe.primary_group_size));
  set("weight_compression", "all_layers", compression.all_layers ? "True" : "False");
  set("weight_compression", "awq", compression.awq ? "True" : "False");
  set("weight_compression", "ratio", Json(compression.ratio).dump());
  set("weight_compression", "backup_mode", backup_precision(compression));
}

}  // namespace ovbake
