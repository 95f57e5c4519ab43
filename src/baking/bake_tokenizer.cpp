#include <algorithm>
#include <iterator>

#include <ovbake/ovbake.hpp>

#include "baking/find_model.hpp"
#include "baking/stages.hpp"
#include "base/stop.hpp"
#include "tokenizer/tokenizer.hpp"
#include "writer/staging.hpp"

namespace ovbake {

std::vector<std::string> bake_tokenizer(const std::filesystem::path& model,
                                        const std::filesystem::path& output_dir,
                                        const HubOptions& hub, const ProgressCallback& progress) {
  Stages stages(progress);
  const FetchedModel found = find_model(model, hub, OnDisk::tokenizer, stages);
  const StopScope stop([&] { stages.report_waiting(); });
  stages.begin("tokenizer");
  const SmallFiles files(found.files.folder);
  TokenizerGraphs graphs = convert_tokenizer(files);
  Staging staging(output_dir, false);
  write_tokenizer_graphs(graphs, staging.folder());
  files.require_unchanged();
  stages.begin("publish");
  staging.publish(true);
  std::vector<std::string> warnings = found.warnings;
  std::ranges::move(graphs.warnings, std::back_inserter(warnings));
  return warnings;
}

}  // namespace ovbake
