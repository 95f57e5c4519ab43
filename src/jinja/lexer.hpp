// A template's text as tokens, white space around tags removed as jinja2 does with trim_blocks and
// lstrip_blocks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ovbake::jinja {

struct Token {
  enum class Kind {
    data,            ///< Text between tags.
    block_begin,     ///< {%
    block_end,       ///< %}
    variable_begin,  ///< {{
    variable_end,    ///< }}
    name,
    string,
    integer,
    floating,
    symbol,
    end
  };

  Kind kind;
  std::string text{};  ///< Of a string what it stands for, without its quotes.
  std::size_t line = 0;
};

/// Tokens of `source`, which is valid UTF-8, an end as the last. For a Fault `line` is where it is.
std::vector<Token> tokenize(std::string_view source, std::size_t& line);

}  // namespace ovbake::jinja
