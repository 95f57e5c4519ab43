#include "hub/hub.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/text.hpp"
#include "hub/download.hpp"
#include "hub/model_id.hpp"
#include "hub/remote_file.hpp"
#include "hub/retries.hpp"
#include "hub/watched.hpp"

namespace ovbake {
namespace {

constexpr std::string_view kConfigFile = "config.json";

/// Whether a bake reads a file of this name beside the weights, or copies it.
bool is_beside_weights(const HubFile& file) {
  constexpr auto kEndings =
      std::to_array<std::string_view>({".json", ".jinja", ".model", ".tiktoken", "merges.txt"});
  const std::string_view name = file.path;
  if (name.find('/') != name.npos) return false;
  if (name.ends_with(".index.json")) return name == kIndexFile;
  return std::ranges::any_of(kEndings, [&](auto ending) { return name.ends_with(ending); });
}

bool is_of_config(const HubFile& file) {
  return file.path == kConfigFile || file.path == kIndexFile;
}

/// Everything that is to be known of a model before any of its files.
class Lookup {
 public:
  Lookup(const std::string& id, HubSettings settings, TransferState& state)
      : settings_(std::move(settings)),
        state_(state),
        cache_(settings_.cache, id),
        model_{.id = id, .revision = settings_.revision, .commit = {}} {}

  const HubSettings& settings() const { return settings_; }
  const HubCache& cache() const { return cache_; }
  const HubModel& model() const { return model_; }
  const std::vector<HubFile>& files() const { return files_; }
  bool is_offline() const { return settings_.offline; }
  std::vector<std::string> take_warnings() { return std::move(warnings_); }

  void run() {
    look();
    std::ranges::sort(files_, {}, &HubFile::path);
  }

  const HubFile* find(std::string_view path) const {
    const auto found = std::ranges::lower_bound(files_, path, {}, &HubFile::path);
    return found == files_.end() || found->path != path ? nullptr : &*found;
  }

 private:
  void look() {
    if (settings_.offline) return look_into_cache();
    try {
      ask_hub();
    } catch (const HubUnreachable& error) {
      if (!cache_.commit_of(model_.revision)) throw;
      warnings_.push_back(fmt::format("{} What the cache holds is taken instead.", error.what()));
      settings_.offline = true;
      look_into_cache();
    }
  }

  void look_into_cache() {
    const auto commit = cache_.commit_of(model_.revision);
    if (!commit || !is_there(cache_.snapshot(*commit))) {
      throw input_error(
          "There is no folder {}, and {} holds no revision {} of a model of this id; nothing else "
          "is asked because HF_HUB_OFFLINE is set: unset it, or give the model's folder.",
          model_.id, settings_.cache.string(), quote(model_.revision));
    }
    model_.commit = *commit;
    files_ = cache_.listing(*commit).value_or(std::vector<HubFile>());
  }

  void ask_hub() {
    HubClient client(settings_, state_.stop);
    model_.commit = is_commit(model_.revision) ? model_.revision : commit_on_hub(client);
    if (auto known = cache_.listing(model_.commit)) {
      files_ = std::move(*known);
    } else {
      files_ = files_on_hub(client);
      cache_.remember_listing(model_.commit, files_);
    }
    cache_.remember_commit(model_.revision, model_.commit);
  }

  std::string api(std::string_view what, const std::string& revision) const {
    return fmt::format("{}/api/models/{}/{}/{}", settings_.endpoint, model_.id, what,
                       url_escaped(revision, false));
  }

  std::string commit_on_hub(HubClient& client) const {
    const Json info = client.get_json(api("revision", model_.revision), model_).json;
    const Json commit = info.is_object() ? info.value("sha", Json()) : Json();
    if (!commit.is_string() || !is_commit(commit.get_ref<const std::string&>())) {
      throw input_error("{} names no commit for {}; is HF_ENDPOINT a hub?",
                        settings_.shown_endpoint, model_.id);
    }
    return commit.get<std::string>();
  }

  /// Asks for one page after the other; each lists something, and none comes twice.
  std::vector<HubFile> files_on_hub(HubClient& client) const {
    constexpr std::size_t kMostFiles = 1'000'000;
    constexpr std::size_t kMostPages = 10'000;
    std::vector<HubFile> files;
    std::set<std::string> asked;
    std::string url = api("tree", model_.commit) + "?recursive=True&expand=False";
    while (!url.empty()) {
      const bool is_new = asked.insert(url).second;
      HubClient::Page page = client.get_json(url, model_);
      const bool is_empty = page.json.is_array() && page.json.empty();
      if (!is_new || (is_empty && !page.next.empty()) || asked.size() > kMostPages) {
        throw input_error(
            "The list of files that {} has for {} comes to no end; is HF_ENDPOINT a "
            "hub?",
            settings_.shown_endpoint, model_.id);
      }
      std::ranges::move(listed_files(settings_.shown_endpoint, page.json),
                        std::back_inserter(files));
      if (files.size() > kMostFiles) {
        throw input_error("{} lists more than {} files for {}.", settings_.shown_endpoint,
                          kMostFiles, model_.id);
      }
      url = std::move(page.next);
    }
    std::ranges::sort(files, {}, &HubFile::path);
    const auto same = std::ranges::adjacent_find(files, {}, &HubFile::path);
    if (same != files.end()) {
      throw input_error("{} lists {} twice for {}.", settings_.shown_endpoint, quote(same->path),
                        model_.id);
    }
    return files;
  }

  HubSettings settings_;
  TransferState& state_;
  HubCache cache_;
  HubModel model_;
  std::vector<HubFile> files_;
  std::vector<std::string> warnings_;
};

/// Sees to it that files are in the snapshot.
void provide(const std::vector<HubFile>& files, const Lookup& lookup, TransferState& state) {
  if (!lookup.is_offline()) {
    return download(files, lookup.model(), lookup.settings(), lookup.cache(), state);
  }
  std::vector<std::string> missing;
  for (const HubFile& file : files) {
    if (!lookup.cache().holds(lookup.model().commit, file)) missing.push_back(quote(file.path));
  }
  if (!missing.empty()) {
    throw input_error(
        "{} lacks {} of {}, and the hub is not asked or does not answer; run once more when it can "
        "be reached, without HF_HUB_OFFLINE.",
        lookup.cache().snapshot(lookup.model().commit).string(), join_some(missing),
        lookup.model().id);
  }
}

/// What an index says, or the names of shards alone where there is none.
ShardIndex shards_of(const Lookup& lookup, const std::filesystem::path& snapshot) {
  if (lookup.find(kIndexFile) != nullptr) return read_shard_index(snapshot);
  std::vector<std::string> names;
  for (const HubFile& file : lookup.files()) names.push_back(file.path);
  return numbered_shards(lookup.model().id, names);
}

/// The files of weights that there are; the index is in the snapshot where there is one.
std::vector<HubFile> weights_of(const Lookup& lookup, const std::filesystem::path& snapshot) {
  if (const HubFile* single = lookup.find(kSingleFile)) return {*single};
  std::vector<HubFile> shards;
  std::vector<std::string> absent;
  for (const auto& [name, tensors] : shards_of(lookup, snapshot)) {
    const HubFile* shard = lookup.find(name);
    if (shard != nullptr) {
      shards.push_back(*shard);
    } else {
      absent.push_back(name);
    }
  }
  if (!shards.empty()) return shards;
  throw input_error("{} of {} names {}, which is not among the model's files on the hub.",
                    kIndexFile, lookup.model().id, join_quoted(absent));
}

FetchedModel fetch(const std::string& id, HubSettings settings, OnDisk on_disk,
                   const std::function<void()>& waiting, TransferState& state) {
  Lookup lookup(id, std::move(settings), state);
  lookup.run();
  const std::filesystem::path snapshot = lookup.cache().snapshot(lookup.model().commit);
  FetchedModel result{.files = {.folder = snapshot}, .warnings = lookup.take_warnings()};
  if (lookup.is_offline() && lookup.files().empty()) return result;

  std::vector<HubFile> small;
  std::ranges::copy_if(lookup.files(), std::back_inserter(small),
                       on_disk == OnDisk::config ? is_of_config : is_beside_weights);
  provide(small, lookup, state);
  if (on_disk == OnDisk::tokenizer) return result;

  const std::vector<HubFile> weights = weights_of(lookup, snapshot);
  const bool all_held = std::ranges::all_of(weights, [&](const HubFile& file) {
    return lookup.cache().holds(lookup.model().commit, file);
  });
  if (on_disk == OnDisk::everything || lookup.is_offline()) {
    provide(weights, lookup, state);
  } else if (!all_held) {
    const auto remote = std::make_shared<RemoteModel>(lookup.settings(), waiting);
    for (const HubFile& file : weights) {
      result.files.weights[file.path] =
          std::make_shared<const RemoteFile>(remote, lookup.model(), file);
    }
  }
  return result;
}

}  // namespace

FetchedModel fetch_model(const std::string& id, const HubOptions& options, OnDisk on_disk,
                         const FetchWatch& watch) {
  const HubSettings settings = read_settings(options);
  TransferState state;
  const auto report = [&] { watch.bytes_done(state.bytes_done, state.bytes_total); };
  FetchedModel model = watched([&] { return fetch(id, settings, on_disk, watch.waiting, state); },
                               report, state.stop);
  report();
  return model;
}

}  // namespace ovbake
