#include "baking/find_model.hpp"

#include "baking/stages.hpp"
#include "base/folder.hpp"
#include "hub/model_id.hpp"

namespace ovbake {

bool is_on_hub(const std::filesystem::path& model) {
  return !is_there(model) && is_model_id(model.string());
}

FetchedModel find_model(const std::filesystem::path& model, const HubOptions& hub, OnDisk on_disk,
                        Stages& stages) {
  if (!is_on_hub(model)) return {.files = {.folder = model}};
  stages.begin("download");
  const FetchWatch watch{
      .bytes_done =
          [&](std::uint64_t done, std::uint64_t total) {
            stages.report({.unit = "bytes", .bytes_done = done, .bytes_total = total});
          },
      .waiting = [&] { stages.report_waiting(); }};
  return fetch_model(model.string(), hub, on_disk, watch);
}

}  // namespace ovbake
