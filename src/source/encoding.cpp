#include "source/encoding.hpp"

#include <stdexcept>

#include "base/error.hpp"
#include "base/text.hpp"

namespace ovbake {

std::span<const std::byte> EncodedRows::line(std::size_t part, std::int64_t row) const {
  const Lines& lines = parts[part];
  const std::int64_t index =
      (first_row + row) / lines.rows_per_line - first_row / lines.rows_per_line;
  return lines.bytes.subspan(static_cast<std::size_t>(index) * lines.line_bytes, lines.line_bytes);
}

void Encoding::codes(const EncodedRows& /*rows*/, const Codes& /*into*/) const {
  throw std::logic_error("these values lie on no grid");
}

EncodingPtr find_encoding(const Config& config) {
  constexpr std::string_view kSection = "quantization_config";
  if (!config.has(kSection)) return nullptr;
  const Config section = config.section(kSection);
  for (const EncodingKind* kind : encodings()) {
    if (kind->recognise == nullptr) continue;
    if (EncodingPtr encoding = kind->recognise(section, config)) return encoding;
  }
  std::vector<std::string_view> known;
  for (const EncodingKind* kind : encodings()) {
    if (kind->recognise != nullptr) known.push_back(kind->name);
  }
  throw input_error(
      "{}: the weights are quantized as quant_method {} says, which cannot be read; known are {}. "
      "Bake the checkpoint that they were quantized from.",
      section.where(), quote(section.text("quant_method", "")), fmt::join(known, ", "));
}

}  // namespace ovbake
