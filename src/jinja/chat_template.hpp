// Writes a conversation as the model was taught to read it: the part of Jinja2 that chat templates
// use, with the settings of transformers. Runs no code; what it does not know it refuses.
#pragma once

#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include "base/json_fwd.hpp"

namespace ovbake {

class ChatTemplate {
 public:
  /// Parses `source`. Throws an input error that begins with `where` and names the line.
  ChatTemplate(std::string_view source, std::string where);
  ~ChatTemplate();
  ChatTemplate(ChatTemplate&&) noexcept;
  ChatTemplate& operator=(ChatTemplate&&) noexcept;

  /// The text that the template makes of `variables`, an object of what transformers passes:
  /// messages, add_generation_prompt, tools, bos_token, … . Throws an input error where the
  /// template refuses them, uses what is not supported, or would take too long or write too much.
  std::string render(const Json& variables, std::time_t now = std::time(nullptr)) const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace ovbake
