// `ovbake run` writes text with the static pair of a baked folder.
#include <cstdio>
#include <memory>

#include <spdlog/fmt/fmt.h>

#include <ovbake/ovbake.hpp>

#include "command.hpp"
#include "console.hpp"
#include "interrupt.hpp"

namespace ovbake::cli {
namespace {

struct Arguments {
  std::filesystem::path output_dir;
  std::string prompt;
  bool chat = false;
  std::string system;
  GeneratorOptions generator;
  std::vector<std::string> properties;
  GenerateOptions generate;
  ConsoleOptions console;
};

/// {"NPU_USE_NPUW", "YES"} of "NPU_USE_NPUW=YES".
std::pair<std::string, std::string> parse_property(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == text.npos) {
    throw Error(ErrorCode::usage,
                fmt::format("--property {} is not of the form NAME=VALUE, such as "
                            "INFERENCE_PRECISION_HINT=f32.",
                            text));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

double per_second(std::uint64_t tokens, double seconds) {
  return seconds > 0 ? static_cast<double>(tokens) / seconds : 0;
}

std::string summary(const GenerateReport& report) {
  const std::uint64_t decoded = report.new_tokens > 0 ? report.new_tokens - 1 : 0;
  return fmt::format(
      "prefill: {} tokens in {}, {:.1f} tokens/s; decode: {} tokens in {}, {:.1f} tokens/s; "
      "stopped "
      "by {}",
      report.prompt_tokens, format_seconds(report.prefill_seconds),
      per_second(report.prompt_tokens, report.prefill_seconds), decoded,
      format_seconds(report.decode_seconds), per_second(decoded, report.decode_seconds),
      report.stopped_by);
}

bool show(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  return interrupting_signal() == 0;
}

std::vector<Message> conversation(const Arguments& arguments) {
  std::vector<Message> messages;
  if (!arguments.system.empty()) messages.push_back({"system", arguments.system});
  messages.push_back({"user", arguments.prompt});
  return messages;
}

void run(Arguments& arguments) {
  open_console(arguments.console);
  for (const std::string& property : arguments.properties) {
    arguments.generator.properties.push_back(parse_property(property));
  }
  Generator generator(arguments.output_dir, arguments.generator);
  catch_interrupts();
  const GenerateReport report =
      arguments.chat ? generator.chat(conversation(arguments), arguments.generate, show)
                     : generator.generate(arguments.prompt, arguments.generate, show);
  show("\n");
  note(summary(report));
  if (interrupting_signal() != 0) throw Error(ErrorCode::interrupted, "Stopped by a signal.");
}

Action declare_run(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("output_dir", arguments->output_dir, "Folder that a bake made")->required();
  app.add_option("--prompt,-p", arguments->prompt,
                 "Text to continue, taken as it is, or with --chat what the user says")
      ->required();
  CLI::Option* chat = app.add_flag("--chat", arguments->chat,
                                   "Answer the prompt: it is written as the chat template says");
  app.add_option("--system", arguments->system, "What the system says before the prompt")
      ->needs(chat);
  app.add_option("--device", arguments->generator.device, "OpenVINO device: CPU, GPU or NPU")
      ->capture_default_str();
  app.add_option("--property", arguments->properties,
                 "OpenVINO property NAME=VALUE for both graphs, as often as needed; such as "
                 "INFERENCE_PRECISION_HINT=f32");
  app.add_option("--max_new_tokens", arguments->generate.max_new_tokens,
                 "Tokens to write; default: until the text ends or the graphs are full")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 32));
  app.add_option("--temperature", arguments->generate.temperature,
                 "0 takes the likeliest token always; 1 draws as the model says")
      ->capture_default_str();
  app.add_option("--top_k", arguments->generate.top_k, "Draw among so many tokens, 0: all")
      ->capture_default_str();
  app.add_option("--top_p", arguments->generate.top_p,
                 "Draw among the fewest tokens that have this share of the probability")
      ->capture_default_str();
  app.add_option("--seed", arguments->generate.seed, "Of the draws")->capture_default_str();
  add_console_options(app, arguments->console);
  return [arguments] { run(*arguments); };
}

const Registered run_command{
    {"run", "Write text with the static pair of a baked folder", declare_run}};

}  // namespace
}  // namespace ovbake::cli
