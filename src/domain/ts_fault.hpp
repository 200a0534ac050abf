// Why a module of literals could not be read: the codes, and the place in its source.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/describe.hpp"

namespace slipway {

/// What stands where the reader stopped.
enum class LiteralCode : uint8_t {
  too_large,      ///< the source is over `literal_source_bytes_max`
  encoding,       ///< bytes that are not UTF-8
  syntax,         ///< no TypeScript, or a form of it that is not known here
  statement,      ///< a statement that does something
  import_,        ///< an import or re-export of values
  identifier,     ///< a name whose value is only known when the module runs
  call,           ///< a call, `new`, or a tagged template
  function,       ///< a function, method, accessor or class
  operator_,      ///< arithmetic, a comparison, a member access
  spread,         ///< `...`
  computed_name,  ///< a member's name that is no literal
  template_hole,  ///< `${`
  regexp,         ///< a regular expression
  number,         ///< a number that JSON or a double cannot hold as it is written
  duplicate,      ///< a name that stands twice
  surrogate,      ///< half of a surrogate pair
  prototype,      ///< `__proto__` in the form that sets the prototype
  no_value,       ///< `undefined`, or nothing, where JSON needs a value
  depth,          ///< nested deeper than `literal_depth_max`
};
template <>
struct describe<LiteralCode> {
  static constexpr std::string_view name = "LiteralCode";
  static constexpr std::array<std::string_view, 19> names = {
      "literal.too_large", "literal.encoding",   "literal.syntax",        "literal.statement",
      "literal.import",    "literal.identifier", "literal.call",          "literal.function",
      "literal.operator",  "literal.spread",     "literal.computed_name", "literal.template_hole",
      "literal.regexp",    "literal.number",     "literal.duplicate",     "literal.surrogate",
      "literal.prototype", "literal.no_value",   "literal.depth"};
};

/// What stands somewhere in a source and cannot be read, by its offset in bytes.
struct LiteralProblem {
  LiteralCode code;
  size_t at;
  std::string detail;  ///< a sentence: what stands there, and what would be readable
};

/// The first thing in a source that cannot be read.
struct LiteralFault {
  LiteralCode code;
  size_t line;         ///< from 1; lines end with LF, CR or CRLF
  size_t column;       ///< from 1, in characters; a byte order mark does not count
  std::string detail;  ///< a sentence: what stands there, and what would be readable
};

}  // namespace slipway
