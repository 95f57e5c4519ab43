// config.json of a checkpoint. It remembers which keys were asked for, so that a key which nobody
// understood can be refused instead of ignored.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_fwd.hpp"

namespace ovbake {

/// The value that a key has where config.json does not give it.
struct Default {
  std::string key;
  std::variant<bool, std::int64_t, double, std::string, std::vector<Default>> value;
};
using Defaults = std::vector<Default>;

/// A key, and the name that it had before.
struct OlderKey {
  std::string_view key, older;
};

/// A key that no getter was asked for.
struct UnreadKey {
  std::string path;     ///< From the root, such as "rope_parameters.factor".
  std::string key;      ///< The last part of the path.
  const Json* value;    ///< As long as a Config of the document lives.
  const Json* section;  ///< The object that has it.
};

/// A view of one JSON object of config.json. Copies share the object and the memory of what was
/// read. Every getter marks its key as read, and throws an input error naming file and key where
/// the value is absent (and no fallback is given) or of another kind; JSON null counts as absent.
class Config {
 public:
  /// `where` names the file in errors.
  Config(Json object, std::string where);
  static Config load(const std::filesystem::path& checkpoint_folder);

  /// A view in which keys that are absent, not those that are null, have the values of `defaults`:
  /// what transformers' config classes do, and why config.json may be silent.
  Config with_defaults(const Defaults& defaults) const;

  /// A view in which keys that are absent are looked for under their older names.
  Config with_older_keys(std::vector<OlderKey> keys) const;

  /// Does not count as reading the key.
  bool has(std::string_view key) const;
  bool is_list(std::string_view key) const;    ///< Nor does this.
  bool is_object(std::string_view key) const;  ///< Nor this.
  bool is_flag(std::string_view key) const;    ///< Nor this.
  std::int64_t integer(std::string_view key) const;
  std::int64_t integer(std::string_view key, std::int64_t fallback) const;
  double number(std::string_view key) const;
  double number(std::string_view key, double fallback) const;
  bool flag(std::string_view key, bool fallback) const;
  std::string text(std::string_view key) const;
  std::string text(std::string_view key, std::string_view fallback) const;
  std::vector<double> numbers(std::string_view key) const;
  std::vector<std::int64_t> integers(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  /// A nested object, such as rope_parameters or text_config. Its keys are to be read in their
  /// turn.
  Config section(std::string_view key) const;
  /// A list of such objects.
  std::vector<Config> sections(std::string_view key) const;
  /// An integer that must lie in [1, 2^31): sizes and counts.
  std::int64_t size(std::string_view key) const;
  std::int64_t size(std::string_view key, std::int64_t fallback) const;

  /// An integer that must lie in [1, 4096]: how many of something are described one by one, such as
  /// layers, heads or experts. The limit keeps a description small whatever a config claims.
  std::int64_t count(std::string_view key) const;
  std::int64_t count(std::string_view key, std::int64_t fallback) const;

  /// Says that a key, with all that is below it, was understood without being needed.
  void mark_read(std::string_view key) const;
  /// Keys of this object and of sections in it that no getter was asked for. A section that nobody
  /// opened is one key. Nulls are left out.
  std::vector<UnreadKey> unread() const;
  std::vector<std::string> unread_keys() const;  ///< Their paths.
  /// Those of them that this object itself holds, as they are spelt there.
  std::vector<std::string> unread_own_keys() const;

  /// Takes keys out of the document, as if config.json did not have them; before anything was read,
  /// because getters hand out views. Throws a usage error for paths that lead to none.
  void leave_out(const std::vector<std::string>& paths) const;

  /// "…/config.json", with the path of the section where this is one.
  std::string where() const;

 private:
  struct Document;
  Config(std::shared_ptr<Document> document, const Json* object, std::string path,
         const Json* defaults = nullptr, const std::vector<OlderKey>* older_keys = nullptr);

  const Json* find(std::string_view key) const;
  const Json* read(std::string_view key) const;
  const Json& read_required(std::string_view key) const;
  std::string path_of(std::string_view key) const;

  std::shared_ptr<Document> document_;
  const Json* object_;
  const Json* defaults_ = nullptr;
  const std::vector<OlderKey>* older_keys_ = nullptr;
  std::string path_;  ///< Of this section; empty for the root.
};

/// Reads a key of which only one value is understood, which also holds where config.json is silent.
/// Throws an input error for another value.
void require_flag(const Config& config, std::string_view key, bool understood);
void require_integer(const Config& config, std::string_view key, std::int64_t understood);
void require_text(const Config& config, std::string_view key, std::string_view understood);

}  // namespace ovbake
