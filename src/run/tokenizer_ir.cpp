#include "run/tokenizer_ir.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include <dlfcn.h>

#include <openvino/core/version.hpp>
#include <ovbake/ovbake.hpp>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"

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

/// How many tokens the graph sets before and after a text, which stands as -1 among their ids.
std::pair<std::size_t, std::size_t> count_special_tokens(const ov::Model& model,
                                                         const fs::path& xml) try {
  const Json around =
      parse_json(model.get_rt_info<std::string>("processed_post_processor_template"), xml.string());
  const auto ids = around.at("single").at("ids").get<std::vector<std::int64_t>>();
  const auto text = std::ranges::find(ids, -1);
  return {text - ids.begin(), ids.end() - text - 1};
} catch (const std::exception&) {
  throw input_error("{} does not say which tokens it sets around a text; bake the model again.",
                    xml.string());
}

void require(const fs::path& xml) {
  if (is_there(xml)) return;
  throw input_error(
      "{} is not there, so text cannot be turned into tokens; bake the model without "
      "--disable_convert_tokenizer.",
      xml.string());
}

}  // namespace

fs::path find_tokenizers_library() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody here changes the environment
  if (const char* chosen = std::getenv(kVariable); chosen != nullptr && *chosen != '\0') {
    if (is_there(chosen)) return chosen;
    throw environment_error("{} is {}, which is not there; let it name {}.", kVariable, chosen,
                            kLibrary);
  }
  const fs::path openvino = openvino_folder();
  const fs::path by_pip =
      (openvino / "../../openvino_tokenizers/lib" / kLibrary).lexically_normal();
  for (const fs::path& place : {by_pip, openvino / kLibrary}) {
    if (is_there(place)) return place;
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
  const auto model = read_model(core, tokenizer);
  std::tie(tokens_before_, tokens_after_) = count_special_tokens(*model, tokenizer);
  tokenizer_ = compile(core, model, tokenizer, "CPU", {}).create_infer_request();
  detokenizer_ = compile(core, detokenizer, "CPU", {}).create_infer_request();
}

std::vector<std::int64_t> TokenizerIr::encode(std::string_view text, SpecialTokens special_tokens) {
  ov::Tensor input(ov::element::string, {1});
  input.data<std::string>()[0] = text;
  tokenizer_.set_input_tensor(input);
  infer(tokenizer_);
  const ov::Tensor ids = tokenizer_.get_tensor("input_ids");
  const std::span all(std::as_const(ids).data<const std::int64_t>(), ids.get_size());
  const std::size_t around = tokens_before_ + tokens_after_;
  const auto kept =
      special_tokens == SpecialTokens::add ? all : all.subspan(tokens_before_, all.size() - around);
  return {kept.begin(), kept.end()};
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
