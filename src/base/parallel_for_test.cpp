#include "base/parallel_for.hpp"

#include <atomic>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

namespace ovbake {
namespace {

TEST(ParallelFor, VisitsEveryIndexOnce) {
  for (const unsigned threads : {0U, 1U, 2U, 7U, 100U}) {
    std::vector<std::atomic<int>> visits(50);
    parallel_for(visits.size(), threads, [&](std::size_t index, unsigned) { ++visits[index]; });
    EXPECT_THAT(visits, testing::Each(testing::Eq(1))) << threads;
  }
  parallel_for(0, 4, [](std::size_t, unsigned) { ADD_FAILURE(); });
}

TEST(ParallelFor, RunsWorkersAtOnceAndTellsThemApart) {
  std::atomic<int> arrived = 0;
  std::vector<std::thread::id> ids(3);
  parallel_for(3, 3, [&](std::size_t, unsigned worker) {
    ids.at(worker) = std::this_thread::get_id();
    ++arrived;
    while (arrived < 3) std::this_thread::yield();
  });
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 3U);
}

TEST(ParallelFor, StaysOnTheCallersThreadForOne) {
  parallel_for(5, 1, [caller = std::this_thread::get_id()](std::size_t, unsigned worker) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_EQ(worker, 0U);
  });
}

TEST(ParallelFor, RethrowsTheFirstErrorAndBeginsNothingMore) {
  std::atomic<std::size_t> begun = 0;
  try {
    parallel_for(1'000'000, 2, [&](std::size_t index, unsigned) {
      ++begun;
      if (index == 10) throw std::runtime_error("at 10");
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    });
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "at 10");
  }
  EXPECT_LT(begun, 1'000'000U);
}

TEST(ParallelFor, RethrowsTheErrorOfTheLowestIndex) {
  std::atomic<bool> later_failed = false;
  try {
    parallel_for(2, 2, [&](std::size_t index, unsigned) {
      if (index == 1) {
        later_failed = true;
        throw std::runtime_error("at 1");
      }
      while (!later_failed) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      throw std::runtime_error("at 0");
    });
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "at 0");
  }
}

TEST(ParallelFor, WaitsForTheOthersBeforeItThrows) {
  std::atomic<bool> other_runs = false;
  std::atomic<bool> other_ended = false;
  EXPECT_THROW(parallel_for(2, 2,
                            [&](std::size_t index, unsigned) {
                              if (index == 0) {
                                while (!other_runs) std::this_thread::yield();
                                throw std::runtime_error("");
                              }
                              other_runs = true;
                              std::this_thread::sleep_for(std::chrono::milliseconds(50));
                              other_ended = true;
                            }),
               std::runtime_error);
  EXPECT_TRUE(other_ended);
}

}  // namespace
}  // namespace ovbake
