#include "hub/download.hpp"

#include <exception>
#include <memory>
#include <mutex>

#include "base/folder.hpp"
#include "base/parallel_for.hpp"
#include "base/system_calls.hpp"
#include "hub/content_hash.hpp"
#include "hub/refusal.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kConnections = 8;

/// One file on its way into the cache.
class FileDownload {
 public:
  FileDownload(const HubFile& file, const HubModel& model, const HubSettings& settings,
               const HubCache& cache, TransferState& state)
      : source_(settings, model, file),
        cache_(cache),
        path_(cache.incomplete(file)),
        state_(state) {}

  void run(HubClient& client) {
    const HubFile& file = source_.file();
    std::uint64_t begin = is_there(path_) ? File::open(path_).size() : 0;
    if (begin > file.size) begin = 0;
    if (!fetch_from(begin, client) && (begin == 0 || !fetch_from(0, client))) {
      system_calls().unlink(path_.c_str());
      throw damaged(source_);
    }
    rename_path(path_, cache_.blob(file));
  }

 private:
  /// Returns whether the file that is there afterwards is the listed one.
  bool fetch_from(std::uint64_t begin, HubClient& client) {
    const HubFile& file = source_.file();
    NewFile out = is_there(path_) ? NewFile::take_over(path_, begin) : NewFile::create(path_);
    state_.bytes_done += begin;
    std::uint64_t offset = begin;
    client.get_bytes(source_, {begin, file.size}, [&](std::span<const std::byte> piece) {
      out.write(offset, piece);
      offset += piece.size();
      state_.bytes_done += piece.size();
    });
    out.sync();
    // Of what lies on the disk, not of what came.
    ContentHash hash(file);
    const File written = File::open(path_);
    if (written.size() == file.size) {
      for_each_piece(written, [&](auto piece) { hash.update(piece); });
      if (hash.fits()) return true;
    }
    state_.bytes_done -= file.size;
    return false;
  }

  HubSource source_;
  const HubCache& cache_;
  fs::path path_;
  TransferState& state_;
};

void fetch(const HubFile& file, const HubModel& model, const HubSettings& settings,
           const HubCache& cache, HubClient& client, TransferState& state) {
  const HubCache::Lock lock(cache, file, state.stop);
  const fs::path blob = cache.blob(file);
  if (is_file(blob) && file_bytes(blob) == file.size) {
    state.bytes_done += file.size;
  } else {
    FileDownload(file, model, settings, cache, state).run(client);
  }
  cache.link(model.commit, file);
}

}  // namespace

void download(const std::vector<HubFile>& files, const HubModel& model, const HubSettings& settings,
              const HubCache& cache, TransferState& state) {
  std::vector<HubFile> missing;
  std::uint64_t bytes = 0;
  for (const HubFile& file : files) {
    if (cache.holds(model.commit, file)) continue;
    missing.push_back(file);
    bytes += file.size;
  }
  if (missing.empty()) return;
  make_folders(cache.folder());
  require_space(cache.folder(), bytes, model.id, "--cache_dir");
  state.bytes_total += bytes;

  std::vector<std::unique_ptr<HubClient>> clients(kConnections);
  for (auto& client : clients) client = std::make_unique<HubClient>(settings, state.stop);
  std::exception_ptr failure;
  std::once_flag failed;
  parallel_for(missing.size(), kConnections, [&](std::size_t index, unsigned worker) {
    try {
      if (!state.stop) fetch(missing[index], model, settings, cache, *clients[worker], state);
    } catch (const Stopped&) {
    } catch (...) {
      std::call_once(failed, [&] { failure = std::current_exception(); });
      state.stop = true;
    }
  });
  if (failure) std::rethrow_exception(failure);
  if (state.stop) throw Stopped();
}

}  // namespace ovbake
