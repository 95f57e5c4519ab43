#include <ovbake/ovbake.hpp>

#include "tokenizer/tokenizer.hpp"
#include "writer/staging.hpp"

namespace ovbake {

std::vector<std::string> bake_tokenizer(const std::filesystem::path& model,
                                        const std::filesystem::path& output_dir) {
  const TokenizerGraphs graphs = convert_tokenizer(model);
  Staging staging(output_dir, false);
  write_tokenizer_graphs(graphs, staging.folder());
  staging.publish(true);
  return graphs.warnings;
}

}  // namespace ovbake
