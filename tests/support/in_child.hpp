// Runs something in a process of its own, which may end as it likes.
#pragma once

#include <functional>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

namespace ovbake {

/// A child process that runs `action` and exits with its result. Waits for it on destruction.
class Child {
 public:
  explicit Child(const std::function<int()>& action) : pid_(::fork()) {
    if (pid_ == 0) ::_exit(action());
  }
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { wait(); }

  pid_t pid() const { return pid_; }

  /// The exit status, or minus the signal that ended it.
  int wait() {
    if (pid_ > 0) {
      int status = 0;
      ::waitpid(std::exchange(pid_, -1), &status, 0);
      result_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    }
    return result_;
  }

 private:
  pid_t pid_;
  int result_ = 0;
};

}  // namespace ovbake
