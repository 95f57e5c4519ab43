#include "run/tokenizer_ir.hpp"

#include <algorithm>
#include <cstdlib>

#include <dlfcn.h>

#include <openvino/core/version.hpp>

#include "base/error.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariable = "OVBAKE_TOKENIZERS_LIBRARY";
constexpr std::string_view kLibrary = "libopenvino_tokenizers.so";

/// The folder that libopenvino was loaded from.
fs::path openvino_folder() {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(&ov::get_openvino_version), &info) == 0) return {};
  return fs::path(info.dli_fname).parent_path();
}

// The library finds its own libraries among those that are loaded already, OpenVINO's included.
void add_extension(ov::Core& core, const fs::path& library) try {
  core.add_extension(library.string());
} catch (const std::exception& error) {
  throw environment_error(
      "{} cannot be loaded as an extension of OpenVINO {}; install the openvino-tokenizers of the "
      "same version: {}",
      library.string(), openvino_version(), error.what());
}

void require(const fs::path& xml) {
  if (fs::exists(xml)) return;
  throw input_error(
      "{} is not there, so text cannot be turned into tokens; bake the model without "
      "--disable_convert_tokenizer.",
      xml.string());
}

}  // namespace

fs::path find_tokenizers_library() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody here changes the environment
  if (const char* chosen = std::getenv(kVariable); chosen != nullptr && *chosen != '\0') {
    if (fs::exists(chosen)) return chosen;
    throw environment_error("{} is {}, which is not there; let it name {}.", kVariable, chosen,
                            kLibrary);
  }
  const fs::path openvino = openvino_folder();
  const fs::path by_pip =
      (openvino / "../../openvino_tokenizers/lib" / kLibrary).lexically_normal();
  for (const fs::path& place : {by_pip, openvino / kLibrary}) {
    if (fs::exists(place)) return place;
  }
  throw environment_error(
      "{} is neither {} nor beside OpenVINO in {}; install openvino-tokenizers beside openvino "
      "with "
      "pip, or let the environment variable {} name the file.",
      kLibrary, by_pip.string(), openvino.string(), kVariable);
}

TokenizerIr::TokenizerIr(ov::Core& core, const fs::path& folder) {
  const fs::path tokenizer = folder / "openvino_tokenizer.xml";
  const fs::path detokenizer = folder / "openvino_detokenizer.xml";
  require(tokenizer);
  require(detokenizer);
  add_extension(core, find_tokenizers_library());
  tokenizer_ = compile(core, tokenizer, "CPU", {}).create_infer_request();
  detokenizer_ = compile(core, detokenizer, "CPU", {}).create_infer_request();
}

std::vector<std::int64_t> TokenizerIr::encode(std::string_view text) {
  ov::Tensor input(ov::element::string, {1});
  input.data<std::string>()[0] = text;
  tokenizer_.set_input_tensor(input);
  infer(tokenizer_);
  const ov::Tensor ids = tokenizer_.get_tensor("input_ids");
  const auto* first = ids.data<const std::int64_t>();
  return {first, first + ids.get_size()};
}

std::string TokenizerIr::decode(std::span<const std::int64_t> tokens) {
  if (tokens.empty()) return "";
  ov::Tensor input(ov::element::i64, {1, tokens.size()});
  std::ranges::copy(tokens, input.data<std::int64_t>());
  detokenizer_.set_input_tensor(input);
  infer(detokenizer_);
  return detokenizer_.get_output_tensor().data<const std::string>()[0];
}

}  // namespace ovbake
