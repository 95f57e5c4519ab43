// Bytes that can be read at any offset, wherever they are: what a reader of weights knows of a
// file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace ovbake {

struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t bytes() const noexcept { return end - begin; }
};

/// Threads may share one object.
class RandomAccess {
 public:
  virtual ~RandomAccess() = default;

  virtual std::string name() const = 0;  ///< As messages call it.
  virtual std::uint64_t size() const noexcept = 0;

  /// Another one for other bytes: for another file, and for this one once it was written to.
  virtual std::string fingerprint() const = 0;

  /// Fills `into` from `offset`. Throws an input error where the bytes end before that.
  virtual void read(std::uint64_t offset, std::span<std::byte> into) const = 0;

  /// Tells that `ranges`, ordered, will be read next, each of them once: what is far away begins to
  /// fetch them, and forgets them once they are read.
  virtual void expect(std::span<const ByteRange> ranges) const { static_cast<void>(ranges); }

  /// Lets the kernel drop the cached pages of this range, where there are any.
  virtual void drop_from_cache(const ByteRange& range) const { static_cast<void>(range); }

  /// Throws an input error where the bytes are not those that were there on opening, or not those
  /// that their origin promised.
  virtual void require_unchanged() const = 0;

 protected:
  RandomAccess() = default;
  RandomAccess(const RandomAccess&) = default;
  RandomAccess(RandomAccess&&) = default;
  RandomAccess& operator=(const RandomAccess&) = default;
  RandomAccess& operator=(RandomAccess&&) = default;
};

/// Passes the bytes of `range` to `visit`, piece after piece of at most the size of `buffer`.
void for_each_piece(const RandomAccess& bytes, const ByteRange& range, std::span<std::byte> buffer,
                    const std::function<void(std::span<const std::byte>)>& visit);

}  // namespace ovbake
