// The descriptors that every program is given: 0, 1 and 2.
#pragma once

namespace ovbake::cli {

/// Opens those of them that are closed on /dev/null, before anything else can get their numbers:
/// what is said would be written into it. Ends the program where it cannot.
void open_standard_streams();

/// Whether there was a stdout to write to.
bool has_stdout();

/// Throws an environment error where something that was printed has not reached stdout.
void flush_stdout();

}  // namespace ovbake::cli
