#include "jinja/chat_template.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "jinja/parser.hpp"

namespace ovbake {
namespace {

Error error_at(const std::string& where, std::size_t line, const jinja::Fault& fault) {
  return input_error("{}, line {}: {}; correct the template or write the prompt without it.", where,
                     line, fault.what());
}

}  // namespace

class ChatTemplate::Implementation {
 public:
  Implementation(std::string_view source, std::string where) : where_(std::move(where)) {
    std::size_t line = 1;
    try {
      if (source.size() > kMaxChatTemplateBytes) {
        throw jinja::Fault("it has more than {} bytes", kMaxChatTemplateBytes);
      }
      if (!is_valid_utf8(source)) throw jinja::Fault("it is not valid UTF-8");
      body_ = jinja::parse(source, line);
    } catch (const jinja::Fault& fault) {
      throw error_at(where_, line, fault);
    }
  }

  std::string render(const Json& variables, std::time_t now) const {
    jinja::Context context(now);
    try {
      for (const auto& variable : variables.items()) {
        context.set(variable.key(), jinja::from_json(context.budget(), variable.value()));
      }
      const jinja::Context::Block block(context);
      jinja::execute(context, body_);
    } catch (const jinja::Fault& fault) {
      throw error_at(where_, context.line(), fault);
    }
    return context.written();
  }

 private:
  std::string where_;
  jinja::Body body_;
};

ChatTemplate::ChatTemplate(std::string_view source, std::string where)
    : implementation_(std::make_unique<Implementation>(source, std::move(where))) {}
ChatTemplate::~ChatTemplate() = default;
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;

std::string ChatTemplate::render(const Json& variables, std::time_t now) const {
  return implementation_->render(variables, now);
}

}  // namespace ovbake
