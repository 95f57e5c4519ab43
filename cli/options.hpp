// The options of a bake, as `ovbake bake`, `ovbake plan` and `ovbake export` take them.
#pragma once

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

#include <ovbake/ovbake.hpp>

#include "console.hpp"

namespace ovbake::cli {

struct BakeArguments {
  BakeOptions bake;
  std::string logits = "last";
  std::filesystem::path config_file;
  ConsoleOptions console;
};

void add_model_option(CLI::App& app, std::filesystem::path& model);
/// Where a model's id is looked up.
void add_hub_options(CLI::App& app, HubOptions& hub);
/// Tensors that are left out on the user's word.
void add_ignore_tensors_option(CLI::App& app, BakeOptions& bake);
/// Keys that the bake goes without on the user's word.
void add_config_option(CLI::App& app, BakeOptions& bake);
void add_stream_option(CLI::App& app, BakeOptions& bake);
void add_target_option(CLI::App& app, Target& target);
void add_threads_option(CLI::App& app, unsigned& threads);

void add_compression_options(CLI::App& app, CompressionOptions& compression);
void add_tokenizer_option(CLI::App& app, BakeOptions& bake);
/// How OUT is written, which changes no byte of it.
void add_writing_options(CLI::App& app, BakeOptions& bake);

/// Declares on `app` what decides a bake's result: the model, its compression, its graphs.
void add_bake_options(CLI::App& app, BakeArguments& arguments);

/// The library's options once `app` is parsed: the config file's values, and over them what the
/// command line says. Throws a usage error for a key or value of the file that makes no sense.
BakeOptions resolve(const CLI::App& app, const BakeArguments& arguments);

}  // namespace ovbake::cli
