#include "domain/ts_scan.hpp"

#include <utility>

#include "base/text.hpp"
#include "domain/ts_number.hpp"
#include "domain/ts_text.hpp"

namespace slipway {

TsScanner::TsScanner(std::string_view source) : source_(source) { advance(); }

bool TsScanner::fail(LiteralCode code, size_t at, std::string detail) {
  if (!problem_) problem_ = {code, at, std::move(detail)};
  return false;
}

bool TsScanner::fail_here(std::string_view expected) {
  return fail(LiteralCode::syntax, token_.at,
              concat(quoted(token_), " stands here; ", expected, " would be readable"));
}

void TsScanner::advance() {
  if (problem_) {
    token_.kind = TsKind::unread;
    return;
  }
  token_.line_before = false;
  token_.value.clear();
  skip_space();
  token_.at = at_;
  if (!problem_) read_token();
  if (problem_) token_.kind = TsKind::unread;
  token_.source = source_.substr(token_.at, at_ - token_.at);
}

void TsScanner::skip_space() {
  for (;;) {
    const TsSpace space = space_at(source_, at_);
    if (space.size > 0) {
      at_ += space.size;
      token_.line_before |= space.ends_line;
    } else if (!skip_comment()) {
      return;
    }
  }
}

/// Goes past the comment that begins here; false where none does.
bool TsScanner::skip_comment() {
  const std::string_view rest = source_.substr(at_);
  if (rest.starts_with("//")) {
    while (at_ < source_.size() && !space_at(source_, at_).ends_line) ++at_;
    return true;
  }
  if (!rest.starts_with("/*")) return false;
  const size_t end = rest.find("*/", 2);
  if (end == std::string_view::npos) {
    return fail(LiteralCode::syntax, at_, "this comment does not end");
  }
  for (const size_t after = at_ + end + 2; at_ < after; ++at_) {
    token_.line_before |= space_at(source_, at_).ends_line;
  }
  return true;
}

void TsScanner::read_token() {
  if (at_ == source_.size()) {
    token_.kind = TsKind::end;
    return;
  }
  const char c = source_[at_];
  const char next = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
  if (const size_t size = word_size(source_, at_)) {
    token_.kind = TsKind::word;
    at_ += size;
  } else if (c == '"' || c == '\'' || c == '`') {
    token_.kind = c == '`' ? TsKind::stencil : TsKind::text;
    problem_ = scan_text(source_, at_, at_, token_.value);
  } else if (is_digit(c) || (c == '.' && is_digit(next))) {
    token_.kind = TsKind::number;
    problem_ = scan_number(source_, at_, at_, token_.value);
  } else {
    token_.kind = TsKind::mark;
    at_ += mark_size();
  }
}

/// Marks of several characters are told apart only where a shorter one means something here. `>`
/// always stands alone: the lists of type arguments end with it.
size_t TsScanner::mark_size() const {
  const std::string_view rest = source_.substr(at_);
  if (rest.starts_with("...")) return 3;
  for (const std::string_view mark :
       {"=>", "==", "&&", "||", "??", "?.", "++", "--", "**", "<<", "!="}) {
    if (rest.starts_with(mark)) return mark.size();
  }
  return 1;
}

std::string quoted(const TsToken& token) {
  constexpr size_t shown_max = 40;
  switch (token.kind) {
    case TsKind::end:
      return "the end of the file";
    case TsKind::text:
      return "a string";
    case TsKind::stencil:
      return "a template";
    default:
      return concat("`", head(token.source, shown_max), "`");
  }
}

}  // namespace slipway
