// The story of a bake, one step a line: what is given, what it is, what each weight will cost, how
// it computes, and only then bytes. Nothing is visible before the last step.
#include <algorithm>
#include <thread>

#include <ovbake/ovbake.hpp>

#include "architecture/family.hpp"
#include "base/error.hpp"
#include "base/folder.hpp"
#include "compression/fill.hpp"
#include "compression/plan.hpp"
#include "compression/plan_json.hpp"
#include "genai_folder.hpp"
#include "graph/graphs.hpp"
#include "options.hpp"
#include "source/checkpoint.hpp"
#include "stages.hpp"
#include "tokenizer/tokenizer.hpp"
#include "writer/ir.hpp"
#include "writer/listing.hpp"
#include "writer/staging.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWeights = "openvino_model.bin";

/// Room for what a plan does not count: XML files, tokenizer, copies of the checkpoint's small
/// files.
constexpr std::uint64_t kRoomBesideWeights = 64 << 20;

PlanReport report(const Decoder& decoder, const CompressionPlan& plan) {
  PlanReport result{
      .model_type = decoder.model_type, .tensors = {}, .weight_bytes = plan.weight_bytes};
  for (const PlannedTensor& planned : plan.tensors) {
    TensorPlan tensor{.name = planned.tensor.name,
                      .shape = planned.tensor.shape,
                      .source_dtype = planned.source->dtype,
                      .format = std::string(planned.format->name),
                      .group_size = planned.weight.group_size,
                      .source_bytes = planned.source->bytes,
                      .remark = planned.remark};
    for (const PlannedConstant& constant : planned.constants) tensor.output_bytes += constant.bytes;
    result.source_bytes += tensor.source_bytes;
    result.tensors.push_back(std::move(tensor));
  }
  return result;
}

/// Bytes of the tensors stored in 4 bits, scales and zero points included.
std::uint64_t int4_bytes(const CompressionPlan& plan) {
  std::uint64_t bytes = 0;
  for (const PlannedTensor& planned : plan.tensors) {
    if (planned.constants.front().type.bits != 4) continue;
    for (const PlannedConstant& constant : planned.constants) bytes += constant.bytes;
  }
  return bytes;
}

unsigned thread_count(const BakeOptions& options) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  return options.threads == 0 ? cores : options.threads;
}

FillOptions fill_options(const BakeOptions& options) {
  return {.threads = thread_count(options), .drop_source_cache = options.drop_source_cache};
}

/// Reports every finished tensor as progress.
TensorDone count_tensors(const CompressionPlan& plan, Stages& stages) {
  Progress total{.unit = "tensors", .items_total = plan.tensors.size()};
  for (const PlannedTensor& planned : plan.tensors) total.bytes_total += planned.source->bytes;
  return [&stages, state = total](const PlannedTensor& planned) mutable {
    const std::string item = fmt::format("{} {}", planned.tensor.name, planned.format->name);
    state.item = item;
    state.items_done += 1;
    state.bytes_done += planned.source->bytes;
    stages.report(state);
  };
}

/// Where the three graphs stand in OUT, and the links by which the other two find the weights.
void write_graphs(const Decoder& decoder, const CompressionPlan& plan, const BakeOptions& options,
                  IrWriter& writer, const fs::path& folder) {
  const std::int64_t capacity = options.max_prompt_len + options.min_response_len;
  writer.write(prefill_graph(decoder, plan, options.max_prompt_len, options.last_logits_only),
               folder / "openvino_model.xml");
  writer.write(decode_graph(decoder, plan, capacity), folder / "openvino_model_decode.xml");
  const auto dynamic = dynamic_graph(decoder, plan);
  annotate(*dynamic, options.compression);
  writer.write(dynamic, folder / "genai" / "openvino_model.xml");
  make_link(kWeights, folder / "openvino_model_decode.bin");
  make_link(fs::path("..") / kWeights, folder / "genai" / kWeights);
}

Json graph_roles() {
  return {{{"file", "openvino_model.xml"}, {"role", "prefill"}, {"static", true}},
          {{"file", "openvino_model_decode.xml"}, {"role", "decode"}, {"static", true}},
          {{"file", "genai/openvino_model.xml"}, {"role", "dynamic"}, {"static", false}}};
}

/// Writes bake.json, last, because it describes every other file. Returns the bytes of OUT.
std::uint64_t write_manifest(const Decoder& decoder, const CompressionPlan& plan,
                             const std::vector<std::vector<Digest>>& digests,
                             const IrWriter& writer, const BakeOptions& options,
                             const fs::path& folder) {
  Listing listing = list_folder(folder, kWeights, options.sha256);
  const Json manifest{{"schema", 1},
                      {"ovbake", version()},
                      {"openvino", openvino_version()},
                      {"model_type", decoder.model_type},
                      {"options", to_json(options)},
                      {"weights",
                       {{"file", kWeights},
                        {"bytes", writer.bin_bytes()},
                        {"int4_bytes", int4_bytes(plan)},
                        {"graph_constants_offset", plan.weight_bytes},
                        {"graph_constants_bytes", writer.bin_bytes() - plan.weight_bytes},
                        {"xxh3_128_of_graph_constants", writer.constants_digest()}}},
                      {"graphs", graph_roles()},
                      {"files", std::move(listing.files)},
                      {"links", std::move(listing.links)},
                      {"tensors", to_json(plan, digests)}};
  const std::string text = manifest.dump(1) + "\n";
  write_text(folder / "bake.json", text);
  return listing.bytes + text.size();
}

}  // namespace

PlanReport plan(const BakeOptions& options) {
  validate(options);
  const Checkpoint checkpoint = Checkpoint::open(options.model);
  const Decoder decoder = describe(checkpoint.config());
  return report(decoder,
                plan_compression(decoder, checkpoint, options.compression, thread_count(options)));
}

BakeReport bake(const BakeOptions& options, const ProgressCallback& progress) {
  validate(options);
  if (options.output_dir.empty()) throw usage_error("--output_dir is missing.");
  Stages stages(progress);

  stages.begin("plan");
  const Checkpoint checkpoint = Checkpoint::open(options.model);
  const Decoder decoder = describe(checkpoint.config());
  require_positions(options, decoder.max_positions);
  const CompressionPlan plan =
      plan_compression(decoder, checkpoint, options.compression, thread_count(options));
  Staging staging(options.output_dir, options.overwrite);
  staging.require_space(plan.weight_bytes + kRoomBesideWeights);
  const fs::path genai = staging.folder() / "genai";
  make_folder(genai);

  stages.begin("tokenizer");
  std::vector<std::string> warnings;
  if (options.convert_tokenizer) warnings = write_tokenizer(checkpoint.folder(), genai);
  write_companions(checkpoint, options.compression, genai);

  stages.begin("graphs");
  NewFile bin = NewFile::create(staging.folder() / kWeights);
  bin.preallocate(plan.weight_bytes);
  IrWriter writer(bin, plan.weight_bytes);
  write_graphs(decoder, plan, options, writer, staging.folder());

  stages.begin("weights");
  const auto digests =
      fill_weights(plan, checkpoint, bin, fill_options(options), count_tensors(plan, stages));
  checkpoint.require_unchanged();

  stages.begin("verify");
  const std::uint64_t output_bytes =
      write_manifest(decoder, plan, digests, writer, options, staging.folder());
  verify(staging.folder(), {.threads = options.threads}, progress);

  stages.begin("publish");
  staging.publish(options.durable);
  return {
      .plan = report(decoder, plan),
      .output_bytes = output_bytes,
      .int4_share = static_cast<double>(int4_bytes(plan)) / static_cast<double>(plan.weight_bytes),
      .stages = stages.end(),
      .warnings = std::move(warnings)};
}

}  // namespace ovbake
