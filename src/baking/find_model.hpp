// MODEL as users give it: a folder, or the id of a model on the hub.
#pragma once

#include <filesystem>

#include <ovbake/ovbake.hpp>

#include "hub/hub.hpp"

namespace ovbake {

class Stages;

/// Whether `model` is no folder but can be an id.
bool is_on_hub(const std::filesystem::path& model);

/// A folder is what it is; an id is fetched as far as `on_disk` says, which is reported as a stage
/// of its own. Throws an input error where `model` is neither.
FetchedModel find_model(const std::filesystem::path& model, const HubOptions& hub, OnDisk on_disk,
                        Stages& stages);

}  // namespace ovbake
