// The story of a bake, one step a line: what is given, what it is, what each weight will cost, how
// it computes, and only then bytes. Nothing is visible before the last step.
#include <algorithm>

#include <ovbake/ovbake.hpp>

#include "architecture/family.hpp"
#include "architecture/unread_keys.hpp"
#include "baking/find_model.hpp"
#include "baking/genai_folder.hpp"
#include "baking/memory.hpp"
#include "baking/model_tokenizer.hpp"
#include "baking/options.hpp"
#include "baking/output_layout.hpp"
#include "baking/plan_report.hpp"
#include "baking/stages.hpp"
#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/hasher.hpp"
#include "base/parallel_for.hpp"
#include "base/stop.hpp"
#include "base/system_error.hpp"
#include "compression/planner.hpp"
#include "filling/fill.hpp"
#include "filling/plan_json.hpp"
#include "filling/weights_file.hpp"
#include "graph/stored_weights.hpp"
#include "source/checkpoint.hpp"
#include "tokenizer/checkpoint_tokenizer.hpp"
#include "verify/verify.hpp"
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

/// Bakes of equal identity write equal weights, so one may go on with what another one has left.
/// Every small file that was read for the plan counts.
std::string identity(const Checkpoint& checkpoint, const BakeOptions& options,
                     const CompressionPlan& plan) {
  Digests none;
  for (const PlannedTensor& tensor : plan.tensors) none.emplace_back(tensor.constants.size());
  return fmt::format("{} {}\n{}\n{}\n{}", version(), openvino_version(), to_json(options).dump(),
                     checkpoint.fingerprint(), to_json(plan, none).dump());
}

/// Everything that is decided before any byte is written.
struct Prepared {
  Checkpoint checkpoint;
  Decoder decoder;
  BakeOptions options;
  CompressionPlan plan;
  PlanReport report;
  WorkSpace space;
  std::string identity;
};

Prepared prepare(const BakeOptions& asked, const ModelFiles& files) {
  Checkpoint checkpoint = Checkpoint::open(files);
  checkpoint.config().leave_out(asked.ignore_config_keys);
  Decoder decoder = describe(checkpoint);
  BakeOptions options = with_defaults(asked, decoder, checkpoint);
  const unsigned threads = usable_threads(options.threads);
  Sensitivity sensitivity(checkpoint, threads);
  CompressionPlan plan = plan_compression(decoder, checkpoint, options.compression, sensitivity,
                                          options.ignore_tensors);
  PlanReport planned = report(decoder, plan, options, asked);
  warn_of_what_is_left_out(checkpoint, planned);
  planned.ignored_config_keys = ignored_keys(checkpoint.config());
  const WorkSpace space = work_space(decoder, plan, checkpoint, options, threads);
  planned.peak_memory = peak_memory(decoder, plan, checkpoint, options, space);
  std::string bake = identity(checkpoint, options, plan);
  return {std::move(checkpoint), std::move(decoder), std::move(options),
          std::move(plan),       std::move(planned), space,
          std::move(bake)};
}

FillOptions fill_options(const BakeOptions& options, const WorkSpace& space,
                         const WeightsFile& weights) {
  return {.space = space,
          .drop_source_cache = options.drop_source_cache,
          .allow_nonfinite = options.compression.allow_nonfinite,
          .finished = weights.finished()};
}

/// Notes every finished tensor and reports it as progress. What is whole outlives a failure where
/// the bake may be resumed.
TensorDone count_tensors(const CompressionPlan& plan, WeightsFile& weights,
                         const BakeOptions& options, Staging& staging, Stages& stages) {
  Progress total{.unit = "tensors", .items_total = plan.tensors.size()};
  for (const PlannedTensor& planned : plan.tensors) total.bytes_total += planned.storage.bytes;
  return [&, state = total](const PlannedTensor& planned, std::span<const Digest> digests) mutable {
    weights.add_finished(planned, digests);
    if (options.resume || options.stream) staging.keep(kWeights);
    const std::string item = fmt::format("{} {}", planned.tensor.name, planned.format->name);
    state.item = item;
    state.items_done += 1;
    state.bytes_done += planned.storage.bytes;
    stages.report(state);
  };
}

/// One graph at a time, each with a link by which it finds the weights where they lie elsewhere.
void write_graphs(const Decoder& decoder, const CompressionPlan& plan, const OutputLayout& layout,
                  const CompressionOptions& compression, IrWriter& writer, const fs::path& folder) {
  for (const GraphFile& graph : layout.graphs) {
    StoredWeights constants(plan);
    const auto model = graph.build(decoder, constants);
    if (!graph.is_static) annotate(*model, compression);
    writer.write(model, folder / graph.file);
    const fs::path bin = fs::path(graph.file).replace_extension(".bin");
    if (bin == kWeights) continue;
    make_link(fs::path(kWeights).lexically_relative(bin.parent_path()), folder / bin);
  }
}

Json to_json(const std::vector<GraphFile>& graphs) {
  Json list = Json::array();
  for (const GraphFile& graph : graphs) {
    list.push_back(
        {{"file", graph.file.string()}, {"role", graph.role}, {"static", graph.is_static}});
  }
  return list;
}

/// The object `text`, one member a line, with a first member that is a digest of all others: of
/// what `tail -n +3` prints.
std::string with_digest(std::string_view text) {
  const std::string_view members = text.substr(text.find('\n') + 1);
  Hasher hasher = Hasher::sha256();
  hasher.update(std::as_bytes(std::span(members)));
  return fmt::format("{{\n \"sha256_of_the_lines_below\": \"{}\",\n{}", hasher.hex(), members);
}

/// Writes bake.json, last, because it describes every other file. Returns the bytes of OUT.
std::uint64_t write_manifest(const Decoder& decoder, const CompressionPlan& plan,
                             const Digests& digests, const IrWriter& writer,
                             const BakeOptions& options, const OutputLayout& layout,
                             const std::vector<std::string>& ignored_config_keys,
                             const fs::path& folder) {
  Listing listing = list_folder(folder, kWeights, options.sha256);
  const Json manifest{{"schema", 2},
                      {"ovbake", version()},
                      {"openvino", openvino_version()},
                      {"model_type", decoder.model_type},
                      {"options", to_json(options)},
                      {"ignored_config_keys", ignored_config_keys},
                      {"weights",
                       {{"file", kWeights},
                        {"bytes", writer.bin_bytes()},
                        {"int4_bytes", int4_bytes(plan)},
                        {"graph_constants_offset", plan.weight_bytes},
                        {"graph_constants_bytes", writer.bin_bytes() - plan.weight_bytes},
                        {"xxh3_128_of_graph_constants", writer.constants_digest()}}},
                      {"graphs", to_json(layout.graphs)},
                      {"files", std::move(listing.files)},
                      {"links", std::move(listing.links)},
                      {"ignored_tensors", to_json(plan.ignored)},
                      {"tensors", to_json(plan, digests)}};
  const std::string text = with_digest(manifest.dump(1) + "\n");
  write_text(folder / "bake.json", text);
  return listing.bytes + text.size();
}

PlanReport plan_from_headers(const BakeOptions& asked, Stages& stages) {
  FetchedModel model = find_model(asked.model, asked.hub, OnDisk::config, stages);
  Prepared prepared = prepare(asked, model.files);
  PlanReport& planned = prepared.report;
  std::ranges::move(model.warnings, std::back_inserter(planned.warnings));
  const SmallFiles files(model.files.folder);
  if (!is_on_hub(asked.model)) {
    if (asked.convert_tokenizer) {
      std::ranges::move(plan_model_tokenizer(files, prepared.decoder),
                        std::back_inserter(planned.warnings));
    }
  } else if (find_checkpoint_tokenizer(files).empty()) {
    planned.warnings.emplace_back(
        "The peak memory leaves the tokenizer out, of which no file is here yet.");
  }
  return std::move(planned);
}

/// Refuses what headers alone can tell before gigabytes of weights are downloaded. A ratio below 1
/// would read them all.
void refuse_before_download(BakeOptions asked, Stages& stages) {
  asked.compression.ratio = 1;
  require_target(plan_from_headers(asked, stages));
}

/// Throws where an output that --overwrite would remove is not, file by file, what a bake made.
void require_untouched(const fs::path& output_dir) {
  const std::vector<std::string> faults = faults_beside_weights(output_dir);
  if (faults.empty()) return;
  throw error_with_list(ErrorCode::input,
                        "{} is not as a bake left it and so is not replaced; save what you need of "
                        "it and remove it, or name another folder:\n  - {}",
                        escape(output_dir.string()), fmt::join(faults, "\n  - "));
}

/// `error`, and what it leaves of the output.
Error with_what_is_left(const Error& error, const Staging& staging) {
  std::string message = error.what();
  if (staging.keeps()) {
    message +=
        " The weights that are whole are kept; the same command with --resume goes on from "
        "there.";
  } else if (error.code() == ErrorCode::interrupted) {
    message += " The unfinished output was removed and nothing else was touched.";
  }
  return {error.code(), message};
}

/// Makes everything in the staging folder, proves it, and lets it be seen.
BakeReport bake_into(Staging& staging, const Prepared& prepared, Stages& stages) {
  const auto& [checkpoint, decoder, options, plan, planned, space, bake] = prepared;
  BakeReport result{.plan = planned};
  staging.require_space(plan.weight_bytes + kRoomBesideWeights);
  const OutputLayout layout = output_layout(options);
  const fs::path companions = staging.folder() / layout.companions;
  if (!layout.companions.empty()) make_folder(companions);

  stages.begin("tokenizer");
  write_companions(checkpoint, options.compression, companions);
  if (options.convert_tokenizer) {
    result.warnings = write_model_tokenizer(checkpoint.small_files(), decoder, companions);
  }
  checkpoint.small_files().forget_texts();

  stages.begin("graphs");
  WeightsFile weights(
      {.bin = staging.folder() / kWeights, .journal = staging.journal(), .bake = bake}, plan,
      space.threads);
  IrWriter writer(weights.bin(), plan.weight_bytes);
  write_graphs(decoder, plan, layout, options.compression, writer, staging.folder());

  stages.begin("weights");
  const Digests digests =
      fill_weights(plan, checkpoint, weights.bin(), fill_options(options, space, weights),
                   count_tensors(plan, weights, options, staging, stages));
  checkpoint.require_unchanged();

  stages.begin("verify");
  result.output_bytes = write_manifest(decoder, plan, digests, writer, options, layout,
                                       planned.ignored_config_keys, staging.folder());
  verify(staging.folder(), {.threads = space.threads}, [&](const Progress& state) {
    stages.report(state);
    return true;
  });

  stages.begin("publish");
  staging.publish(options.durable);
  result.kept_tensors = weights.finished_count();
  result.stages = stages.end();
  return result;
}

}  // namespace

PlanReport plan(const BakeOptions& asked) {
  validate(asked);
  const ProgressCallback unwatched;
  Stages stages(unwatched);
  return plan_from_headers(asked, stages);
}

BakeReport bake(const BakeOptions& asked, const ProgressCallback& progress) {
  validate(asked);
  if (asked.output_dir.empty()) throw usage_error("--output_dir is missing.");
  Stages stages(progress);
  const StopScope stop([&] { stages.report_waiting(); });

  if (!asked.stream && is_on_hub(asked.model)) refuse_before_download(asked, stages);
  FetchedModel model = find_model(
      asked.model, asked.hub, asked.stream ? OnDisk::all_but_weights : OnDisk::everything, stages);

  stages.begin("plan");
  const Prepared prepared = prepare(asked, model.files);
  require_target(prepared.report);
  require_apart(prepared.checkpoint.places(), asked.output_dir);
  Staging staging(asked.output_dir, asked.overwrite, asked.resume ? kWeights : "",
                  require_untouched);
  BakeReport report;
  try {
    report = bake_into(staging, prepared, stages);
  } catch (const Error& error) {
    throw with_what_is_left(error, staging);
  }
  report.warnings.insert(report.warnings.begin(), model.warnings.begin(), model.warnings.end());
  return report;
}

}  // namespace ovbake
