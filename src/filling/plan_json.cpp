#include "filling/plan_json.hpp"

#include "base/json.hpp"

namespace ovbake {
namespace {

Json to_json(const PlannedConstant& constant, const Digest& digest) {
  return {{"name", constant.name},   {"element_type", constant.type.name},
          {"shape", constant.shape}, {"offset", constant.offset},
          {"bytes", constant.bytes}, {"xxh3_128", digest}};
}

}  // namespace

Json to_json(const CompressionPlan& plan, const Digests& digests) {
  Json tensors = Json::array();
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    const PlannedTensor& planned = plan.tensors[i];
    Json entry{{"name", planned.tensor.name},
               {"dtype", planned.storage.dtype()},
               {"shape", planned.tensor.shape},
               {"format", planned.format->name}};
    if (planned.weight.grouped()) entry["group_size"] = planned.weight.group_size;
    if (!planned.remark.empty()) entry["remark"] = planned.remark;
    for (std::size_t k = 0; k < planned.constants.size(); ++k) {
      entry["constants"].push_back(to_json(planned.constants[k], digests[i][k]));
    }
    tensors.push_back(std::move(entry));
  }
  return tensors;
}

Json to_json(const std::vector<IgnoredTensor>& ignored) {
  Json names = Json::object();
  for (const auto& [name, why] : ignored) names[why].push_back(name);
  return names;
}

}  // namespace ovbake
