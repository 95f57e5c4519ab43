// Floats: what a checkpoint stores of which nothing is quantized.
#include "source/encoding.hpp"
#include "source/values.hpp"

namespace ovbake {
namespace {

class Plain : public Encoding {
 public:
  std::vector<Part> parts(const MatrixRef& matrix) const override {
    Shape shape = matrix.shape;
    if (matrix.transposed) shape = {matrix.shape[1], matrix.shape[0]};
    return {{.name = matrix.name,
             .shape = std::move(shape),
             .dtypes = {"BF16", "F16", "F32"},
             .transposed = matrix.transposed}};
  }

  std::string_view loaded_as(std::string_view stored) const override { return stored; }

  bool values(const EncodedRows& rows, std::string_view loaded_as,
              std::span<float> into) const override {
    const Lines& lines = rows.parts[0];
    return read_values(value_rule(lines.dtype, loaded_as), lines.bytes, into);
  }
};

}  // namespace

EncodingPtr plain_encoding() {
  static const auto encoding = std::make_shared<const Plain>();
  return encoding;
}

extern const EncodingKind plain;
const EncodingKind plain{.name = "plain", .recognise = nullptr};

}  // namespace ovbake
