#include "interrupt.hpp"

#include <csignal>
#include <initializer_list>

namespace ovbake::cli {
namespace {

volatile std::sig_atomic_t received = 0;

void remember(int signal) { received = signal; }

}  // namespace

void catch_interrupts() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = remember;
    // Each further line to a pipe that nobody reads sends the signal again.
    action.sa_flags = static_cast<int>(signal == SIGPIPE ? SA_RESTART : SA_RESTART | SA_RESETHAND);
    sigaction(signal, &action, nullptr);
  }
}

void ignore_file_size_signal() { std::signal(SIGXFSZ, SIG_IGN); }

int interrupting_signal() { return received; }

}  // namespace ovbake::cli
