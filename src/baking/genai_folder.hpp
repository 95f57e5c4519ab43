// The files that programs look for beside a stateful graph. Who reads what:
// - OpenVINO GenAI: tokenizer IR, generation_config.json (ids that end a text),
// chat_template.jinja;
// - optimum-intel: config.json, openvino_config.json, generation_config.json, tokenizer files;
// - Model Server: tokenizer IR, tokenizer_config.json, chat_template.jinja.
#pragma once

#include <filesystem>
#include <memory>

#include <openvino/core/model.hpp>
#include <ovbake/ovbake.hpp>

#include "source/checkpoint.hpp"

namespace ovbake {

/// Copies the checkpoint's own config and tokenizer files into `folder`, and writes
/// openvino_config.json, chat_template.jinja and additional_chat_templates/ from wherever the
/// checkpoint has its templates, and generation_config.json where the checkpoint has none.
void write_companions(const Checkpoint& checkpoint, const CompressionOptions& compression,
                      const std::filesystem::path& folder);

/// Tells readers of an open graph how it was made: rt_info under the names that optimum-intel
/// and NNCF use, so that nobody compresses it twice.
void annotate(ov::Model& open_graph, const CompressionOptions& compression);

}  // namespace ovbake
