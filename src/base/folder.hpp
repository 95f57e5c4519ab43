// What is done to folders and links, through system_calls.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace ovbake {

/// Whether a path names anything, be it a link that points nowhere.
bool is_there(const std::filesystem::path& path) noexcept;

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
