#include "verify/verify.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/parallel_for.hpp"
#include "base/sha256.hpp"
#include "base/xxh3.hpp"
#include "verify/by_running.hpp"
#include "verify/claims.hpp"
#include "verify/faults.hpp"
#include "verify/folder.hpp"
#include "verify/graph_check.hpp"
#include "verify/layout.hpp"
#include "verify/read_back.hpp"

namespace ovbake {
namespace {

/// Small enough to be hashed while it is still in a core's own cache.
constexpr std::size_t kBufferBytes = 256 << 10;

/// A part of the proof, done by one thread with a buffer of its own.
struct Job {
  std::string item;
  std::uint64_t bytes;  ///< That it reads.
  std::function<void(std::span<std::byte> buffer)> run;
};

class Proof {
 public:
  enum class Of { everything, all_but_weights };

  Proof(const std::filesystem::path& output_dir, const Claims& claims, const VerifyOptions& options,
        Of what = Of::everything)
      : output_dir_(output_dir),
        claims_(claims),
        options_(options),
        files_(check_folder(output_dir, claims_, faults_)) {
    if (what == Of::all_but_weights) {
      add_file_jobs();
    } else {
      add_all_jobs();
    }
  }
  Proof(const Proof&) = delete;

  std::vector<std::string> find_faults() {
    run_jobs({});
    return faults_.list();
  }

  VerifyReport run(const ProgressCallback& progress) {
    run_jobs(progress);
    faults_.throw_if_any(output_dir_);
    VerifyReport report{.tensors = claims_.tensors.size(),
                        .bytes_read = 0,
                        .int4_share = int4_share(claims_),
                        .static_nodes = static_nodes_};
    for (const Job& job : jobs_) report.bytes_read += job.bytes;
    return report;
  }

 private:
  void add_all_jobs() {
    check_layout(claims_, faults_);
    // The longest first, so that no thread is left alone with one at the end.
    if (options_.sha256) add_sha256_jobs();
    add_graph_jobs();
    add_file_jobs();
    if (const auto weights = files_.find(claims_.weights.file); weights != files_.end()) {
      add_weight_jobs(weights->second);
    } else {
      faults_.add("{}: bake.json does not list it", claims_.weights.file.string());
    }
  }

  void add_sha256_jobs() {
    for (const ClaimedFile& claim : claims_.files) {
      if (!claim.sha256) {
        faults_.add("{}: bake.json has no sha256 of it; it is recorded by a bake with --sha256",
                    claim.file.string());
      } else if (const auto file = files_.find(claim.file); file != files_.end()) {
        add_job(claim.file.string(), file->second.size(), [this, &claim, file](auto) {
          compare(claim.file.string(), "sha256", sha256(file->second), *claim.sha256);
        });
      }
    }
  }

  void add_graph_jobs() {
    for (const ClaimedGraph& graph : claims_.graphs) {
      const auto file = files_.find(graph.file);
      if (file == files_.end()) {
        faults_.add("{}: bake.json does not list it", graph.file.string());
        continue;
      }
      add_job(graph.file.string(), file->second.size(), [this, &graph, file](auto) {
        const std::uint64_t nodes = check_graph(file->second, graph, claims_, faults_);
        if (graph.is_static) static_nodes_ += nodes;
      });
    }
  }

  void add_file_jobs() {
    for (const ClaimedFile& claim : claims_.files) {
      const auto file = files_.find(claim.file);
      if (!claim.xxh3_128 || file == files_.end()) continue;
      add_xxh3_job(claim.file.string(), {file->second, 0, file->second.size()}, *claim.xxh3_128);
    }
  }

  void add_weight_jobs(const File& bin) {
    const ClaimedWeights& weights = claims_.weights;
    add_xxh3_job("the graphs' own constants",
                 {bin, weights.graph_constants_offset, weights.graph_constants_bytes},
                 weights.xxh3_128_of_graph_constants);
    for (const auto& tensor : claims_.tensors) {
      for (const auto& constant : tensor.constants) {
        add_xxh3_job(constant.name, {bin, constant.offset, constant.bytes}, constant.xxh3_128);
      }
    }
    for (const Padding& gap : padding(claims_)) {
      const FileRange range{bin, gap.offset, gap.bytes};
      if (!range.inside()) continue;
      add_job("padding", gap.bytes, [this, range](auto buffer) {
        if (is_zero(range, buffer)) return;
        faults_.add("{}: the padding at byte {} is not zero", range.file.path().filename().string(),
                    range.offset);
      });
    }
  }

  void add_xxh3_job(const std::string& item, const FileRange& range, const std::string& expected) {
    if (!range.inside()) {
      return faults_.add("{}: lies at bytes {} to {} of a file of {}", item, range.offset,
                         range.offset + range.bytes, range.file.size());
    }
    add_job(item, range.bytes, [this, item, range, &expected](auto buffer) {
      compare(item, "digest", xxh3_of(range.file, range.range(), buffer), expected);
    });
  }

  void compare(std::string_view item, std::string_view kind, const std::string& digest,
               const std::string& expected) {
    if (digest == expected) return;
    faults_.add("{}: the bytes read back have the {} {} instead of {}", item, kind, digest,
                expected);
  }

  void add_job(std::string item, std::uint64_t bytes,
               std::function<void(std::span<std::byte> buffer)> run) {
    jobs_.push_back({std::move(item), bytes, std::move(run)});
    bytes_total_ += bytes;
  }

  void run_jobs(const ProgressCallback& progress) {
    const unsigned threads = usable_threads(options_.threads);
    std::vector<std::vector<std::byte>> buffers(threads);
    std::mutex mutex;
    Progress state{.stage = "verify", .item = {}, .unit = "parts", .items_total = jobs_.size()};
    state.bytes_total = bytes_total_;
    parallel_for(jobs_.size(), threads, [&](std::size_t index, unsigned worker) {
      const Job& job = jobs_[index];
      buffers[worker].resize(kBufferBytes);
      try {
        job.run(buffers[worker]);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::input && error.code() != ErrorCode::verification) throw;
        faults_.add("{}: {}", job.item, error.what());
      }
      const std::lock_guard lock(mutex);
      state.item = job.item;
      ++state.items_done;
      state.bytes_done += job.bytes;
      if (progress && !progress(state)) {
        throw Error(ErrorCode::interrupted, "The verification was interrupted.");
      }
    });
  }

  const std::filesystem::path& output_dir_;
  const Claims& claims_;
  const VerifyOptions& options_;
  Faults faults_;
  const OpenFiles files_;
  std::vector<Job> jobs_;
  std::uint64_t bytes_total_ = 0;
  std::atomic<std::uint64_t> static_nodes_ = 0;
};

}  // namespace

std::vector<std::string> faults_beside_weights(const std::filesystem::path& output_dir) try {
  const Claims claims = read_claims(output_dir);
  return Proof(output_dir, claims, {.threads = 1}, Proof::Of::all_but_weights).find_faults();
} catch (const Error& error) {
  if (error.code() != ErrorCode::verification) throw;
  return {error.what()};
}

VerifyReport verify(const std::filesystem::path& output_dir, const VerifyOptions& options,
                    const ProgressCallback& progress) {
  const Claims claims = read_claims(output_dir);
  const VerifyReport report = Proof(output_dir, claims, options).run(progress);
  if (options.run) verify_by_running(output_dir, claims, progress);
  return report;
}

}  // namespace ovbake
