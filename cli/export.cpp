// `ovbake export openvino` takes the words that users of optimum-cli type, with the defaults that
// optimum-cli has, and makes the folder that it makes: one open graph with everything beside it.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <spdlog/fmt/fmt.h>

#include <ovbake/ovbake.hpp>

#include "baking.hpp"
#include "command.hpp"
#include "console.hpp"
#include "options.hpp"

namespace ovbake::cli {
namespace {

struct Foreign {
  std::string_view option;
  bool is_flag;
  std::string_view word;  ///< Why it has no effect, or what to do without it.
};

/// Options of optimum-cli that change nothing here.
constexpr auto kNeedless = std::to_array<Foreign>({
    {"--framework", false, "no framework is used"},
    {"--pad_token_id", false, "text generation does not need it"},
    {"--trust_remote_code", true, "no code of a checkpoint is ever run"},
});

/// Options of optimum-cli that would change the result and are not here.
constexpr auto kMissing = std::to_array<Foreign>({
    {"--dataset", false, "compress without data"},
    {"--gptq", true, "compress without data"},
    {"--lora_correction", true, "compress without data"},
    {"--model_kwargs", false, "leave it out"},
    {"--num_samples", false, "compress without data"},
    {"--quant_mode", false, "compress weights alone, with --weight-format"},
    {"--quantization_statistics_path", false, "compress without data"},
    {"--scale_estimation", true, "compress without data"},
    {"--smooth_quant_alpha", false, "compress weights alone, with --weight-format"},
    {"--variant", false, "give the folder whose model.safetensors is the variant"},
});

constexpr const char* kForeignGroup = "Of optimum-cli";

struct Arguments {
  BakeOptions bake;
  std::string framework;
  std::string task = "text-generation-with-past";
  std::string library = "transformers";
  std::string sensitivity_metric = "weight_quantization_error";
  bool disable_stateful = false;
  ConsoleOptions console;
};

std::string hyphenated(std::string_view option) {
  std::string name(option);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

void add_foreign(CLI::App& app, const Foreign& foreign, std::string_view effect) {
  const std::string name(foreign.option);
  const std::string description = fmt::format("{}: {}", effect, foreign.word);
  auto* option =
      foreign.is_flag ? app.add_flag(name, description) : app.add_option(name, description);
  option->group(kForeignGroup);
}

void answer_foreign(const CLI::App& app) {
  for (const Foreign& foreign : kMissing) {
    if (app.count(std::string(foreign.option)) == 0) continue;
    throw Error(ErrorCode::usage,
                fmt::format("{} is not supported; {}.", hyphenated(foreign.option), foreign.word));
  }
  for (const Foreign& foreign : kNeedless) {
    if (app.count(std::string(foreign.option)) == 0) continue;
    note(fmt::format("{} has no effect: {}.", hyphenated(foreign.option), foreign.word));
  }
}

Graphs graphs(const Arguments& arguments) {
  if (arguments.task == "text-generation") return Graphs::without_past;
  return arguments.disable_stateful ? Graphs::with_past : Graphs::stateful;
}

void add_words(CLI::App& app, Arguments& arguments) {
  app.add_option("framework_to_export_to", arguments.framework, "openvino")
      ->required()
      ->check(CLI::IsMember({"openvino"}));
  app.add_option("output", arguments.bake.output_dir, "Folder to make")->required();
  add_model_option(app, arguments.bake.model);
  add_hub_options(app, arguments.bake.hub);
  add_ignore_tensors_option(app, arguments.bake);
  add_config_option(app, arguments.bake);
  add_stream_option(app, arguments.bake);
  app.add_option("--task", arguments.task, "What the graph is for")
      ->check(CLI::IsMember({"text-generation-with-past", "text-generation"}))
      ->group("Graphs");
  app.add_flag("--disable_stateful", arguments.disable_stateful,
               "Keys and values are inputs and outputs instead of state")
      ->group("Graphs");
  app.add_option("--library", arguments.library, "Whose model it is")
      ->check(CLI::IsMember({"transformers"}))
      ->group(kForeignGroup);
  app.add_option("--sensitivity_metric", arguments.sensitivity_metric,
                 "What --ratio chooses by; other metrics need data")
      ->check(CLI::IsMember({"weight_quantization_error"}))
      ->group("Compression");
  for (const Foreign& foreign : kNeedless) add_foreign(app, foreign, "No effect");
  for (const Foreign& foreign : kMissing) add_foreign(app, foreign, "Not supported");
}

Action declare_export(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  arguments->bake.target = Target::any;
  arguments->bake.compression.weight_format.clear();
  arguments->bake.compression.sym = false;
  arguments->bake.compression.group_size_fallback = "error";
  add_words(app, *arguments);
  add_target_option(app, arguments->bake.target);
  add_compression_options(app, arguments->bake.compression);
  add_tokenizer_option(app, arguments->bake);
  add_writing_options(app, arguments->bake);
  add_console_options(app, arguments->console);
  return [&app, arguments] {
    open_console_beside(arguments->console, arguments->bake);
    answer_foreign(app);
    arguments->bake.graphs = graphs(*arguments);
    bake_and_report(arguments->bake);
  };
}

const Registered export_command{
    {"export", "Do what optimum-cli export openvino does, with its options", declare_export}};

}  // namespace
}  // namespace ovbake::cli
