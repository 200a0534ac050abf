// TypeScript source as tokens, one at a time. What they mean together is not known here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ts_fault.hpp"

namespace slipway {

/// What kind of token it is.
enum class TsKind : uint8_t {
  end,      ///< the end of the source
  word,     ///< an identifier or keyword
  text,     ///< a string literal; `value` is its text
  stencil,  ///< a template without holes; `value` is its text
  number,   ///< a number literal; `value` is it as JSON
  mark,     ///< punctuation
  unread,   ///< something that is no token: the problem is known
};

/// One token. It is good until the next one is read.
struct TsToken {
  TsKind kind = TsKind::end;
  size_t at = 0;             ///< its offset in bytes
  std::string_view source;   ///< its bytes as they stand
  bool line_before = false;  ///< whether a line ends between the token before and this one
  std::string value;
};

/// Reads the tokens of one source. The first problem stays the problem.
class TsScanner {
 public:
  /// Stands on the first token. `source` is UTF-8 and outlives the scanner.
  explicit TsScanner(std::string_view source);

  [[nodiscard]] const TsToken& token() const { return token_; }
  [[nodiscard]] bool is(TsKind kind) const { return token_.kind == kind; }
  [[nodiscard]] bool is_mark(std::string_view mark) const {
    return token_.kind == TsKind::mark && token_.source == mark;
  }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return token_.kind == TsKind::word && token_.source == word;
  }

  /// Goes to the next token.
  void advance();

  /// Goes past `mark` if the scanner stands on it.
  bool take_mark(std::string_view mark) {
    const bool found = is_mark(mark);
    if (found) advance();
    return found;
  }

  /// Notes a problem unless there is one already. Returns false, for `return scanner.fail(...)`.
  bool fail(LiteralCode code, size_t at, std::string detail);

  /// Notes that the token is not what has to stand there; `expected` is a noun phrase.
  bool fail_here(std::string_view expected);

  [[nodiscard]] const std::optional<LiteralProblem>& problem() const { return problem_; }

 private:
  void skip_space();
  bool skip_comment();
  void read_token();
  size_t mark_size() const;

  std::string_view source_;
  size_t at_ = 0;
  TsToken token_;
  std::optional<LiteralProblem> problem_;
};

/// The token as an explanation quotes it: never the content of a string.
[[nodiscard]] std::string quoted(const TsToken& token);

}  // namespace slipway
