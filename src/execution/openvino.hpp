// OpenVINO as this folder uses it: graphs of a folder, compiled, with its errors as our own.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <openvino/runtime/compiled_model.hpp>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/infer_request.hpp>

namespace ovbake {

using Properties = std::vector<std::pair<std::string, std::string>>;

/// Throws an input error where `xml` or its .bin is no IR.
std::shared_ptr<ov::Model> read_model(ov::Core& core, const std::filesystem::path& xml);

/// The graph `model` that was read from `xml`. Throws an environment error where `device` does not
/// compile it.
ov::CompiledModel compile(ov::Core& core, const std::shared_ptr<ov::Model>& model,
                          const std::filesystem::path& xml, const std::string& device,
                          const Properties& properties);
/// read_model() and compile().
ov::CompiledModel compile(ov::Core& core, const std::filesystem::path& xml,
                          const std::string& device, const Properties& properties);

/// Runs `request`. Throws an environment error where the device fails.
void infer(ov::InferRequest& request);

/// The last row of the output "logits", valid until `request` runs again.
std::span<const float> last_logits(ov::InferRequest& request);

}  // namespace ovbake
