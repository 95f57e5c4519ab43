// What a hub means by an answer that is no 200, said so that one knows what to do.
#pragma once

#include <ovbake/error.hpp>

#include "hub/client.hpp"

namespace ovbake {

/// Of a model, or of its revision.
Error refusal(const HttpHead& head, const HubModel& model, const HubSettings& settings);

/// Of a file.
Error refusal(const HttpHead& head, const HubSource& source, const HubSettings& settings);

/// What came of `source` is not what the hub lists.
Error damaged(const HubSource& source);

}  // namespace ovbake
