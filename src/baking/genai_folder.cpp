#include "baking/genai_folder.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "base/json.hpp"
#include "compression/recipe.hpp"
#include "tokenizer/chat_template.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kPiece = 1 << 20;

constexpr auto kCopied = std::to_array<const char*>({
    "added_tokens.json",
    "config.json",
    "generation_config.json",
    "merges.txt",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "vocab.json",
});

void copy_bytes(const RandomAccess& source, const std::filesystem::path& to) {
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min(kPiece, source.size())));
  NewFile copy = NewFile::create(to);
  std::uint64_t offset = 0;
  for_each_piece(source, {0, source.size()}, buffer, [&](std::span<const std::byte> piece) {
    copy.write(offset, piece);
    offset += piece.size();
  });
}

/// What transformers derives where a checkpoint has no generation_config.json.
Json default_generation_config(const Json& config) {
  Json result{{"_from_model_config", true}};
  for (const char* key : {"bos_token_id", "eos_token_id", "pad_token_id", "transformers_version"}) {
    if (config.contains(key) && !config[key].is_null()) result[key] = config[key];
  }
  return result;
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
  for (const std::string name : kCopied) {
    if (files.has(name)) copy_bytes(*files.open(name), folder / name);
  }
  const std::string chat_template = read_chat_template(files);
  if (!chat_template.empty()) write_text(folder / "chat_template.jinja", chat_template);
  write_text(folder / "openvino_config.json", openvino_config(compression).dump(2) + "\n");
  if (!std::filesystem::exists(folder / "generation_config.json")) {
    const Json config = files.read_json("config.json");
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
