// Ctrl-C, SIGTERM, SIGHUP and SIGPIPE ask the work to stop: it ends at its next step and cleans up
// behind itself.
#pragma once

namespace ovbake::cli {

/// From now on the first of these signals is only remembered; a second one kills as usual. One that
/// was ignored when the program began stays ignored.
void catch_interrupts();

/// From now on a write beyond the limit of file sizes fails as one to a full disk does.
void ignore_file_size_signal();

/// The signal that came, or 0.
int interrupting_signal();

}  // namespace ovbake::cli
