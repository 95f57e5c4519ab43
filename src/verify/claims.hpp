// What a baked folder claims to be: its bake.json, read without any trust in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/shape.hpp"

namespace ovbake {

struct ClaimedConstant {
  std::string name;
  std::string element_type;
  Shape shape;
  std::uint64_t offset;  ///< In the weights file.
  std::uint64_t bytes;
  std::string xxh3_128;
};

struct ClaimedTensor {
  std::string name;
  Shape shape;
  std::string format;
  std::optional<std::int64_t> group_size;
  std::vector<ClaimedConstant> constants;
};

struct ClaimedGraph {
  std::filesystem::path file;
  std::string role;
  bool is_static;
};

struct ClaimedFile {
  std::filesystem::path file;
  std::uint64_t bytes;
  std::optional<std::string> xxh3_128;  ///< Absent for the weights file alone.
  std::optional<std::string> sha256;
};

struct ClaimedLink {
  std::filesystem::path file;
  std::filesystem::path to;
};

struct ClaimedWeights {
  std::filesystem::path file;
  std::uint64_t bytes;
  std::uint64_t int4_bytes;  ///< Of tensors stored in 4 bits, scales and zero points included.
  std::uint64_t graph_constants_offset;  ///< The weights come before, the graphs' constants after.
  std::uint64_t graph_constants_bytes;
  std::string xxh3_128_of_graph_constants;
};

/// Paths are relative to the folder; what they name need not exist.
struct Claims {
  ClaimedWeights weights;
  std::vector<ClaimedGraph> graphs;
  std::vector<ClaimedFile> files;
  std::vector<ClaimedLink> links;
  std::vector<ClaimedTensor> tensors;
};

/// Throws a verification error where bake.json is missing, is no JSON, or lacks something, and
/// names the key.
Claims read_claims(const std::filesystem::path& output_dir);

}  // namespace ovbake
