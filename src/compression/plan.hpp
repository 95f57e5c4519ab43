// What is decided before any weight is read: the format of every tensor, and where each of its
// constants will lie in the one .bin file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <ovbake/ovbake.hpp>

#include "architecture/description/decoder.hpp"
#include "compression/format.hpp"
#include "weights/row_reader.hpp"
#include "weights/storage.hpp"

namespace ovbake {

/// Constants begin at multiples of this many bytes in the .bin file.
inline constexpr std::uint64_t kConstantAlignment = 64;

struct PlannedConstant {
  std::string name;  ///< The tensor's name and the layout's suffix.
  ElementType type;
  Shape shape;
  std::uint64_t offset;  ///< In the .bin file.
  std::uint64_t bytes;
};

/// What AWQ does with a weight. Every column of a target is multiplied by its scale, and what the
/// target reads is divided by it: the rows of the projection that makes it, or its input itself.
struct AwqUse {
  std::string target;
  enum class Side { columns, rows } side;  ///< Of the weight: columns of the target, else rows.
  bool multiplies_input = false;
};

struct PlannedTensor {
  TensorRef tensor;
  Storage storage;
  /// The type to which values are rounded before anything else is done with them, because the
  /// exporter loads the model in config.json's dtype: "BF16", "F16", or the stored one.
  std::string cast_dtype;
  /// The type that the exporter's graph holds them in, by which NNCF's sensitivity and the rounding
  /// of AWQ's products go: `cast_dtype`, but "F32" for experts and what chooses them.
  std::string exported_dtype;
  const WeightFormat* format;
  WeightShape weight;
  std::optional<AwqUse> awq;
  /// Those of the format, and awq_factors() behind them.
  std::vector<PlannedConstant> constants;
  /// How its rows are read.
  WeightRows rows() const;
  /// True if codes go from the checkpoint to the constants as they are, no value being computed:
  /// the format's grid holds that of the encoding.
  bool is_moved() const;
  /// The one with a code for each element; a codebook's table comes before it.
  const PlannedConstant& codes() const;
  /// What the input of an AWQ target is multiplied by in the graph; null where it is not.
  const PlannedConstant* awq_factors() const;
  /// Why the format is not the one that was asked for; empty where it is.
  std::string remark;
};

struct CompressionPlan {
  const WeightFormat* primary;  ///< The format that was asked for.
  /// In the order in which the checkpoint stores them.
  std::vector<PlannedTensor> tensors;
  /// Bytes of .bin that the constants of all tensors take, padding included. The graphs' own small
  /// constants come after them.
  std::uint64_t weight_bytes = 0;

  /// What the checkpoint holds and nothing of which is baked.
  std::vector<IgnoredTensor> ignored;

  /// Throws std::logic_error where the plan has no such tensor.
  const PlannedTensor& at(std::string_view name) const;

  std::unordered_map<std::string, std::size_t> index_by_name;
};

}  // namespace ovbake
