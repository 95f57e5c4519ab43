// Which graphs stand where in OUT.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include <openvino/core/model.hpp>
#include <ovbake/ovbake.hpp>

#include "architecture/description/decoder.hpp"
#include "graph/weights.hpp"

namespace ovbake {

/// Paths are relative to OUT.
struct GraphFile {
  std::filesystem::path file;
  std::string_view role;  ///< What bake.json calls it.
  bool is_static;
  std::function<std::shared_ptr<ov::Model>(const Decoder&, Weights&)> build;
};

struct OutputLayout {
  std::filesystem::path companions;  ///< Where tokenizer and configs stand, beside an open graph.
  std::vector<GraphFile> graphs;
};

OutputLayout output_layout(const BakeOptions& options);

}  // namespace ovbake
