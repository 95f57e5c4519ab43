#include "baking/genai_folder.hpp"

#include <array>
#include <string_view>

#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
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

void copy_bytes(const std::filesystem::path& from, const std::filesystem::path& to) {
  const File source = File::open(from);
  NewFile copy = NewFile::create(to);
  std::uint64_t offset = 0;
  for_each_piece(source, [&](std::span<const std::byte> piece) {
    copy.write(offset, piece);
    offset += piece.size();
  });
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

void write_chat_templates(const std::filesystem::path& checkpoint_folder,
                          const std::filesystem::path& folder) {
  const std::string chat_template = read_chat_template(checkpoint_folder);
  if (!chat_template.empty()) write_text(folder / "chat_template.jinja", chat_template);
  const auto named = read_named_chat_templates(checkpoint_folder);
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
  for (const std::string_view name : kCopied) {
    const std::filesystem::path from = checkpoint.folder() / name;
    if (std::filesystem::exists(from)) copy_bytes(from, folder / name);
  }
  write_chat_templates(checkpoint.folder(), folder);
  write_text(folder / "openvino_config.json", openvino_config(compression).dump(2) + "\n");
  if (!std::filesystem::exists(folder / "generation_config.json")) {
    const Json config = read_json(checkpoint.folder() / "config.json");
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
