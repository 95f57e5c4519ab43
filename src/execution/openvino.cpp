#include "execution/openvino.hpp"

#include <openvino/core/except.hpp>

#include "base/error.hpp"
#include "base/file.hpp"

namespace ovbake {
namespace {

/// OpenVINO's messages begin with a line or two of its own source code.
std::string reason(const std::exception& error) {
  std::string text = error.what();
  text.erase(text.find_last_not_of(" \n\t") + 1);
  const std::size_t line = text.rfind('\n');
  return line == text.npos ? text : text.substr(line + 1);
}

}  // namespace

std::shared_ptr<ov::Model> read_model(ov::Core& core, const std::filesystem::path& xml) {
  File::open(xml);  // says what is wrong with a file better than OpenVINO does
  File::open(std::filesystem::path(xml).replace_extension(".bin"));
  try {
    return core.read_model(xml.string());
  } catch (const std::exception& error) {
    throw input_error("{} cannot be read by OpenVINO: {}", xml.string(), reason(error));
  }
}

ov::CompiledModel compile(ov::Core& core, const std::shared_ptr<ov::Model>& model,
                          const std::filesystem::path& xml, const std::string& device,
                          const Properties& properties) {
  ov::AnyMap map;
  for (const auto& [name, value] : properties) map[name] = value;
  try {
    return core.compile_model(model, device, map);
  } catch (const std::exception& error) {
    throw environment_error("{} cannot be compiled for the device {}: {}", xml.string(), device,
                            reason(error));
  }
}

ov::CompiledModel compile(ov::Core& core, const std::filesystem::path& xml,
                          const std::string& device, const Properties& properties) {
  return compile(core, read_model(core, xml), xml, device, properties);
}

void infer(ov::InferRequest& request) try { request.infer(); } catch (const std::exception& error) {
  throw environment_error("The device failed while it ran a graph: {}", reason(error));
}

std::span<const float> last_logits(ov::InferRequest& request) {
  const ov::Tensor logits = request.get_tensor("logits");
  const std::size_t vocabulary = logits.get_shape().back();
  const std::span all(static_cast<const ov::Tensor&>(logits).data<const float>(),
                      logits.get_size());
  return all.last(vocabulary);
}

}  // namespace ovbake
