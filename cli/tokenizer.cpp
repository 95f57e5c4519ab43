// `ovbake tokenizer` writes the tokenizer and detokenizer IR of a checkpoint, and nothing else.
#include <memory>

#include <spdlog/fmt/fmt.h>

#include <ovbake/ovbake.hpp>

#include "command.hpp"
#include "console.hpp"
#include "options.hpp"
#include "progress.hpp"

namespace ovbake::cli {
namespace {

struct Arguments {
  std::filesystem::path model, output_dir;
  HubOptions hub;
  ConsoleOptions console;
};

void run_tokenizer(const Arguments& arguments) {
  open_console(arguments.console);
  ProgressDisplay display;
  for (const std::string& line :
       bake_tokenizer(arguments.model, arguments.output_dir, arguments.hub, display.callback())) {
    warning(line);
  }
  print_result(fmt::format(
      "{0} holds openvino_tokenizer.xml and openvino_detokenizer.xml, for the openvino_tokenizers "
      "extension: openvino_genai.Tokenizer(\"{0}\").",
      arguments.output_dir.string()));
}

Action declare_tokenizer(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("model", arguments->model,
                 "Folder with the model's tokenizer files, or the model's id on the hub")
      ->required();
  app.add_option("output_dir", arguments->output_dir, "Folder to make; it must not exist")
      ->required();
  add_hub_options(app, arguments->hub);
  add_console_options(app, arguments->console);
  return [arguments] { run_tokenizer(*arguments); };
}

const Registered tokenizer_command{
    {"tokenizer", "Convert a model's tokenizer, without its weights", declare_tokenizer}};

}  // namespace
}  // namespace ovbake::cli
