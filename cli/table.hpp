// A table of text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ovbake::cli {

/// Right- or left-padded columns, as wide as their widest cell.
class Table {
 public:
  /// One of '<' and '>' for each column.
  explicit Table(std::string alignment);

  void add(std::vector<std::string> cells);
  /// A line for each row, each with its line end.
  std::string text() const;

 private:
  std::string line(const std::vector<std::string>& row) const;

  std::string alignment_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace ovbake::cli
