// What the graphs with open dimensions have in common: batch, query and total are known only as a
// graph runs. Their names and structure are optimum-intel's, because GenAI and the plug-ins look
// for them.
#pragma once

#include "graph/form.hpp"

namespace ovbake {

class OpenForm : public Form {
 public:
  /// In the order of operations by which OpenVINO's paged attention, GenAI's default, knows a
  /// window: it leaves out every other mask.
  Value mask(const std::optional<Window>& window) const override;

 protected:
  OpenForm() : Form({-1, -1}, {-1, -1}) {}
  explicit OpenForm(std::int64_t hidden_size) : Form({-1, -1}, {-1, -1}, hidden_size) {}

 private:
  std::optional<Value> causal() const override;
};

}  // namespace ovbake
