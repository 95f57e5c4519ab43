// What is asked of, and done to, folders and links. Nothing else in the project calls
// std::filesystem for it: its functions throw what says nothing to a user, or hide a fault.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ovbake {

/// Whether a path names anything, be it a link that points nowhere. Throws, as all that follow do,
/// where the system does not tell: what may not be looked at is not absent.
bool is_there(const std::filesystem::path& path);

/// Whether a path names a folder, or a regular file, links followed, or is a link itself.
bool is_folder(const std::filesystem::path& path);
bool is_file(const std::filesystem::path& path);
bool is_link(const std::filesystem::path& path);

/// Bytes of a file.
std::uint64_t file_bytes(const std::filesystem::path& path);

/// Absolute, every link followed. Throws where the path, or a link on its way, leads nowhere.
std::filesystem::path real_path(const std::filesystem::path& path);
/// The same for a path whose last parts need not exist.
std::filesystem::path resolved_path(const std::filesystem::path& path);

/// Where a link leads, as it says.
std::filesystem::path link_target(const std::filesystem::path& link);

/// The names in a folder, sorted.
std::vector<std::string> names_in(const std::filesystem::path& folder);

/// What lies below a folder that is no folder itself, by its path within it, links not followed.
std::map<std::filesystem::path, std::filesystem::file_type> entries_below(
    const std::filesystem::path& folder);

/// Whether `inner` is `outer` or lies in it, both as real_path or resolved_path give them.
bool lies_within(const std::filesystem::path& inner, const std::filesystem::path& outer);

/// Creates a folder; throws an environment error where it cannot, or where the name is taken.
void make_folder(const std::filesystem::path& folder);

/// Creates a folder with those that it lies in, where they are not there; throws an environment
/// error.
void make_folders(const std::filesystem::path& folder);

/// Creates a symbolic link to `target`; throws an environment error as make_folder does.
void make_link(const std::filesystem::path& target, const std::filesystem::path& link);

/// Renames; throws an environment error.
void rename_path(const std::filesystem::path& from, const std::filesystem::path& to);

/// Throws an environment error, naming need and room, where the file system of `folder` has less
/// than `bytes` available for `what`; `option` would put it elsewhere.
void require_space(const std::filesystem::path& folder, std::uint64_t bytes, std::string_view what,
                   std::string_view option);

/// Removes a file, a link, or a folder with all that is in it, following no link. Best effort: what
/// cannot be removed stays.
void remove_tree(const std::filesystem::path& path) noexcept;

/// Flushes names to the disk (fsync of the folder). Throws an environment error.
void sync_folder(const std::filesystem::path& folder);

/// Flushes every file and folder below `folder`, then `folder` itself. Throws an environment error.
void sync_tree(const std::filesystem::path& folder);

}  // namespace ovbake
