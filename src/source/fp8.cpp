#include "source/fp8.hpp"

#include "base/error.hpp"

namespace ovbake {

std::optional<BlockSize> fp8_blocks(const Config& config) {
  constexpr std::string_view kSection = "quantization_config";
  constexpr std::string_view kBlock = "weight_block_size";
  if (!config.has(kSection)) return std::nullopt;
  const Config fp8 = config.section(kSection);
  if (fp8.text("quant_method", "") != "fp8") return std::nullopt;
  require_text(fp8, "fmt", "e4m3");
  require_text(fp8, "activation_scheme", "dynamic");
  require_text(config, config.has("dtype") ? "dtype" : "torch_dtype", "bfloat16");
  // Which modules are FP8 their tensors say, and how scales were rounded is of no use.
  for (const auto key : {"modules_to_not_convert", "ignored_layers", "scale_fmt"}) {
    fp8.mark_read(key);
  }
  const std::vector<std::int64_t> size =
      fp8.has(kBlock) ? fp8.integers(kBlock) : std::vector<std::int64_t>{};
  if (size.size() != 2 || size[0] < 1 || size[1] < 1) {
    throw input_error(
        "{}: FP8 weights can be baked that have a scale for each block, as {} [128, 128] says; "
        "bake the bfloat16 checkpoint instead.",
        fp8.where(), kBlock);
  }
  return BlockSize{.rows = size[0], .columns = size[1]};
}

}  // namespace ovbake
