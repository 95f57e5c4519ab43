// Ctrl-C and SIGTERM ask the work to stop: it ends at its next step and cleans up behind itself.
#pragma once

namespace ovbake::cli {

/// From now on the first SIGINT or SIGTERM is only remembered; a second one kills as usual.
void catch_interrupts();

/// The signal that came, or 0.
int interrupting_signal();

}  // namespace ovbake::cli
