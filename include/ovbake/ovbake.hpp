// ovbake: bakes a Hugging Face causal language model into OpenVINO IR, without Python.
//
// The whole public face of the library. It never prints and never exits: progress is a callback,
// failure is an ovbake::Error. No call opens an existing file for writing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ovbake/error.hpp>
#include <ovbake/hub_options.hpp>

namespace ovbake {

std::string_view version();
std::string_view openvino_version();

// ---- progress ---------------------------------------------------------------------------------

struct Progress {
  /// "download", "plan", "tokenizer", "graphs", "weights", "verify", "publish".
  std::string_view stage;
  std::string_view item;  ///< What was just finished, such as a tensor's name with its format.
  std::string_view unit = "steps";  ///< What is counted: "tensors", "parts", "steps".
  std::uint64_t items_done = 0;
  std::uint64_t items_total = 0;
  /// Of the source while it is downloaded or weights are filled, of OUT while verifying.
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
};

/// Called between two steps, never from two threads at once. Returning false stops the work: it
/// ends with ErrorCode::interrupted and leaves what `resume` asks for.
using ProgressCallback = std::function<bool(const Progress&)>;

struct StageTime {
  std::string stage;
  double seconds;
};

// ---- bake -------------------------------------------------------------------------------------

/// Names and meanings are those of NNCF and optimum-cli.
struct CompressionOptions {
  /// Empty: int8 from 10⁹ parameters on, and below what config.json's dtype says, as optimum-cli.
  std::string weight_format = "int4";
  bool sym = true;
  /// -1: one scale a row; nothing: what NNCF takes for the format, which is 128 for int4.
  std::optional<std::int64_t> group_size;
  double ratio = 1.0;  ///< Share of the 4-bit candidates that really get 4 bits.
  std::string group_size_fallback = "adjust";
  /// Of embeddings, lm_head and what `ratio` leaves out; empty: what NNCF takes for the format.
  std::string backup_precision;
  bool all_layers = false;  ///< Embeddings and lm_head get the primary format too.
  /// NNCF's AWQ as it is without data: what down projections of at most 4 bits read is scaled so
  /// that their columns are of one magnitude.
  bool awq = false;
  std::vector<std::string> ignore;  ///< Shell patterns of the names of weights left uncompressed.
  /// Encode NaN and infinities as NNCF does instead of refusing them.
  bool allow_nonfinite = false;
};

/// Which graphs OUT holds.
enum class Graphs {
  static_pair,  ///< The pair, and the stateful graph in genai/.
  stateful,     ///< One that keeps keys and values itself, as optimum-cli makes it.
  with_past,    ///< One that takes and returns keys and values.
  without_past  ///< One that knows none: a whole sequence at a time.
};

/// The device that OUT is for. `any`: no device's limits are looked at.
enum class Target { npu, any };

struct BakeOptions {
  std::filesystem::path model;  ///< Folder of a Hugging Face checkpoint, or a model's id.
  HubOptions hub;               ///< Where an id is looked up.
  bool stream = false;  ///< Weights of an id never touch the disk: they are baked as they come.
  std::filesystem::path output_dir;  ///< Created, complete or not at all.
  CompressionOptions compression;
  Graphs graphs = Graphs::static_pair;
  Target target = Target::npu;
  /// S: positions of the prefill graph; nothing: 1024, or fewer where the model has fewer.
  std::optional<std::int64_t> max_prompt_len;
  /// R: the decode graph holds S + R positions; nothing: as for S.
  std::optional<std::int64_t> min_response_len;
  /// Keys of config.json, as paths such as "rope_scaling.factor", that the bake goes without.
  std::vector<std::string> ignore_config_keys;
  bool last_logits_only = true;  ///< Prefill returns logits [1, 1, V] instead of [1, S, V].
  bool convert_tokenizer = true;
  bool overwrite = false;
  /// Keep what is whole, of a bake before of the same model and options and for a next one.
  bool resume = false;
  bool sha256 = false;  ///< Also record sha256 of every file in bake.json.
  bool durable = true;  ///< fsync everything before it becomes visible.
  bool drop_source_cache = false;
  /// Shell patterns of the names of stored tensors that are left out although they might matter.
  std::vector<std::string> ignore_tensors;
  unsigned threads = 0;  ///< 0: all cores.
  /// Bytes of memory that the bake may take, on fewer threads if need be; 0: no limit.
  std::uint64_t max_memory = 0;
};

/// What a tensor of the checkpoint becomes.
struct TensorPlan {
  std::string name;
  std::vector<std::int64_t> shape;
  std::string source_dtype;
  std::string format;            ///< "int4_sym", "int8_asym", "f32", …
  std::int64_t group_size = -1;  ///< -1: one scale a row, or none.
  std::uint64_t source_bytes = 0;
  std::uint64_t output_bytes = 0;
  std::string remark;  ///< Why it is not the format that was asked for.
};

/// A tensor of the checkpoint that is not baked.
struct IgnoredTensor {
  std::string name;
  std::string why;  ///< "computed from config.json", "predicts further tokens", …
};

struct PlanReport {
  std::string model_type;
  std::vector<TensorPlan> tensors;
  std::vector<IgnoredTensor> ignored_tensors;
  std::uint64_t source_bytes = 0;
  std::uint64_t weight_bytes = 0;  ///< Exact bytes of weights in openvino_model.bin.
  double int4_share = 0;           ///< Of weight_bytes, scales and zero points included.
  double ratio = 0;  ///< Share of the projections' elements that get the format asked for.
  /// An upper bound, not far off, of the memory that the bake takes: code, graphs, buffers.
  std::uint64_t peak_memory = 0;
  std::uint64_t cache_bytes_per_token = 0;  ///< Keys and values of one token in all layers, as f32.
  std::uint64_t state_bytes = 0;            ///< States of one sequence that do not grow, as f32.
  std::vector<std::string> refusals;        ///< Why the target does not take the result.
  /// What it takes badly, and options that change nothing.
  std::vector<std::string> warnings;
  /// What was decided otherwise than asked, or without being asked.
  std::vector<std::string> notes;
  /// Keys of config.json that neither the family's description nor published code reads.
  std::vector<std::string> ignored_config_keys;
};

struct BakeReport {
  PlanReport plan;
  std::uint64_t output_bytes = 0;  ///< Of every file in OUT, each counted once.
  std::uint64_t kept_tensors = 0;  ///< Of a killed bake.
  std::vector<StageTime> stages;
  std::vector<std::string> warnings;
};

/// Decides everything, from the headers alone unless the ratio is below 1; writes nothing but, for
/// an id, config.json into the hub's cache. What the target refuses is told, not thrown.
PlanReport plan(const BakeOptions& options);

/// Makes options.output_dir, verified. Until it returns nothing of output_dir has changed.
BakeReport bake(const BakeOptions& options, const ProgressCallback& progress = {});

/// Makes output_dir, which must not exist, with openvino_tokenizer and openvino_detokenizer (.xml
/// and .bin) for the tokenizer files of `model`, a folder or an id; weights are not needed. Returns
/// one line for each step that is converted although the operation it becomes has a known fault.
std::vector<std::string> bake_tokenizer(const std::filesystem::path& model,
                                        const std::filesystem::path& output_dir,
                                        const HubOptions& hub = {},
                                        const ProgressCallback& progress = {});

// ---- verify, inspect --------------------------------------------------------------------------

struct VerifyOptions {
  bool sha256 = false;  ///< Also check the sha256 that bake.json records.
  bool run = false;     ///< Compile the graphs and compare greedy tokens; needs the model's memory.
  unsigned threads = 0;
};

struct VerifyReport {
  std::uint64_t tensors = 0;
  std::uint64_t bytes_read = 0;
  double int4_share = 0;
  std::uint64_t static_nodes = 0;  ///< Nodes of the static graphs, all of static shape.
};

/// Proves that a baked folder is what its bake.json says, opening it read-only. Throws a
/// verification error that lists every fault found.
VerifyReport verify(const std::filesystem::path& output_dir, const VerifyOptions& options = {},
                    const ProgressCallback& progress = {});

/// An input, an output or a state of a graph.
struct PortInfo {
  std::string name;
  std::string element_type;  ///< "f32"
  std::string shape;         ///< "[1, 1024]", "[?, 3, ?, 64]"; "[...]" for any rank.
};

/// The constants of a graph that are of one kind. Bytes that several share are counted once.
struct ConstantsInfo {
  std::string element_type;
  /// Of a compressed weight: how many elements share a scale, -1: a whole row. 0: it is none.
  std::int64_t group_size = 0;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

struct GraphInfo {
  std::filesystem::path file;  ///< In the inspected folder.
  std::string name;
  std::uint64_t nodes = 0;
  std::uint64_t dynamic_nodes = 0;  ///< Of which an output has a dynamic shape.
  std::vector<PortInfo> inputs, outputs, states;
  /// Where keys and values of past tokens live: "stateful", "explicit" (inputs and outputs),
  /// "none".
  std::string kv_layout;
  std::vector<ConstantsInfo> constants;                      ///< The most bytes first.
  std::vector<std::pair<std::string, std::string>> rt_info;  ///< "nncf/weight_compression/mode", …
};

struct InspectReport {
  std::vector<GraphInfo> graphs;
  /// A sentence for each graph that cannot be read and for each .bin that is missing or too short.
  std::vector<std::string> faults;
};

/// Describes OpenVINO IR, whoever made it: one XML file, or all of a folder and of the folders in
/// it. Reads no weights. Throws an input error where there is no IR.
InspectReport inspect(const std::filesystem::path& path);

struct LintReport {
  std::vector<std::string> faults;    ///< What does not work, with what to do.
  std::vector<std::string> warnings;  ///< What works badly.
};

/// Says of any exported language model in a folder, whoever made it, what its readers would stumble
/// over: GenAI, optimum-intel, and the target. Reads no weights. Throws what inspect() throws.
LintReport lint(const std::filesystem::path& folder, Target target = Target::npu);

// ---- run --------------------------------------------------------------------------------------

struct GeneratorOptions {
  std::string device = "CPU";
  /// Properties of OpenVINO's compile_model, such as {"INFERENCE_PRECISION_HINT", "f32"}.
  std::vector<std::pair<std::string, std::string>> properties{};
};

/// Names and meanings are those of transformers.
struct GenerateOptions {
  std::optional<std::uint64_t> max_new_tokens{};  ///< Nothing: until the graphs are full.
  double temperature = 0;                         ///< 0: the likeliest token, always.
  std::uint64_t top_k = 0;                        ///< 0: all.
  double top_p = 1;
  std::uint64_t seed = 0;
};

/// A turn of a conversation.
struct Message {
  std::string role;  ///< "system", "user", "assistant", or what else the chat template knows.
  std::string content;
};

struct GenerateReport {
  std::uint64_t prompt_tokens = 0;
  std::uint64_t new_tokens = 0;
  double prefill_seconds = 0;  ///< Until the first token is known.
  double decode_seconds = 0;   ///< For all others.
  std::string stopped_by{};    ///< "eos", "max_new_tokens", "capacity", "caller".
};

/// Called for every new token with the text that became whole by it, often none; it is always whole
/// UTF-8 characters. Returning false ends the text.
using TextCallback = std::function<bool(std::string_view text)>;

/// Generates text from the static pair of a baked folder, as firmware or an application would: one
/// prefill, a copy of keys and values, one decode for each further token.
class Generator {
 public:
  /// Compiles both graphs and loads the tokenizer. Throws an input error where `output_dir` is no
  /// baked folder with a tokenizer, an environment error where the device refuses a graph or the
  /// openvino_tokenizers library is not found: it is looked for in the environment variable
  /// OVBAKE_TOKENIZERS_LIBRARY, then where pip puts it beside the OpenVINO that is in use.
  explicit Generator(const std::filesystem::path& output_dir, const GeneratorOptions& options = {});
  ~Generator();
  Generator(Generator&&) noexcept;
  Generator& operator=(Generator&&) noexcept;

  /// Continues `prompt`, which is taken as it is: no chat template is applied. Throws a usage error
  /// where it has more tokens than the prefill graph takes.
  GenerateReport generate(std::string_view prompt, const GenerateOptions& options,
                          const TextCallback& on_text);

  /// Answers `messages`, which are written as the model's chat template says. Throws what
  /// generate() throws, and an input error where there is no template or it does not take them.
  GenerateReport chat(std::span<const Message> messages, const GenerateOptions& options,
                      const TextCallback& on_text);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace ovbake
