#include "base/stop.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "base/parallel_for.hpp"

namespace ovbake {
namespace {

struct Asked : std::runtime_error {
  Asked() : std::runtime_error("asked to stop") {}
};

/// Asks until the scope of this thread throws; a thread asks at most twenty times a second.
void work() {
  for (;;) check_stop();
}

TEST(Stop, EndsWorkHoweverDeep) {
  int asked = 0;
  const StopScope scope([&] {
    if (++asked == 3) throw Asked();
  });
  EXPECT_THROW(work(), Asked);
  EXPECT_EQ(asked, 3);
}

TEST(Stop, IsNotAskedWhereNobodyWantsToKnow) {
  check_stop();
  EXPECT_EQ(StopScope::current(), nullptr);
}

TEST(Stop, AsksTheInnermost) {
  const StopScope outer([] { FAIL() << "the outer one was asked"; });
  {
    const StopScope inner([] { throw Asked(); });
    EXPECT_THROW(work(), Asked);
  }
  EXPECT_NE(StopScope::current(), nullptr);
}

TEST(Stop, ReachesTheThreadsOfALoop) {
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<bool> stop = false;
  const StopScope scope([&] {
    if (stop) throw Asked();
  });
  std::atomic<int> helpers = 0;
  EXPECT_THROW(parallel_for(4, 4,
                            [&](std::size_t, unsigned) {
                              if (std::this_thread::get_id() != caller) {
                                ++helpers;
                                stop = true;
                              }
                              work();
                            }),
               Asked);
  EXPECT_GT(helpers, 0);
}

TEST(Stop, IsAskedBeforeEachStepOfALoop) {
  const StopScope scope([] { throw Asked(); });
  EXPECT_THROW(parallel_for(1U << 30, 1, [](std::size_t, unsigned) {}), Asked);
}

}  // namespace
}  // namespace ovbake
