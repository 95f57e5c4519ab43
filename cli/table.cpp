#include "table.hpp"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

namespace ovbake::cli {

Table::Table(std::string alignment)
    : alignment_(std::move(alignment)), widths_(alignment_.size()) {}

void Table::add(std::vector<std::string> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], cells[i].size());
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::string result;
  for (const auto& row : rows_) result += line(row) + "\n";
  return result;
}

std::string Table::line(const std::vector<std::string>& row) const {
  std::string text;
  for (std::size_t i = 0; i < row.size(); ++i) {
    text += alignment_[i] == '>' ? fmt::format("{:>{}}", row[i], widths_[i])
                                 : fmt::format("{:<{}}", row[i], widths_[i]);
    text += "  ";
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace ovbake::cli
