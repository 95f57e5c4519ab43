// What a call throws, as something to compare with.
#pragma once

#include <string>

#include <gmock/gmock.h>

#include <ovbake/error.hpp>

namespace ovbake {

struct Thrown {
  ErrorCode code;
  std::string message;
};

/// The ovbake::Error that `call` throws; anything else, or nothing, fails the test.
template <typename Call>
Thrown error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

/// Expects an error of `code` whose message has each of the substrings.
template <typename Call, typename... Parts>
void expect_error(ErrorCode code, const Call& call, const Parts&... parts) {
  const Thrown thrown = error_of(call);
  EXPECT_EQ(thrown.code, code) << thrown.message;
  EXPECT_THAT(thrown.message, testing::AllOf(testing::EndsWith("."), testing::HasSubstr(parts)...));
}

}  // namespace ovbake
