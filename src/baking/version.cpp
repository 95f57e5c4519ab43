#include <openvino/core/version.hpp>
#include <ovbake/ovbake.hpp>

namespace ovbake {

std::string_view version() { return OVBAKE_VERSION; }

std::string_view openvino_version() { return ov::get_openvino_version().buildNumber; }

}  // namespace ovbake
