#include "domain/ts_text.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace slipway {
namespace {

unsigned byte_at(std::string_view text, size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool is_continuation(unsigned byte) { return (byte & 0xC0) == 0x80; }

/// The bytes of the UTF-8 character at `at`; 0 where there is none.
size_t character_size(std::string_view text, size_t at) {
  const unsigned first = byte_at(text, at);
  const unsigned second = byte_at(text, at + 1);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !is_continuation(second)) return 0;
  if (first < 0xE0) return 2;
  if (!is_continuation(byte_at(text, at + 2))) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  const bool overlong = first == 0xF0 && second < 0x90;
  const bool beyond = first == 0xF4 && second >= 0x90;
  return overlong || beyond || !is_continuation(byte_at(text, at + 3)) ? 0 : 4;
}

/// The character of three bytes at `at`.
unsigned three_bytes(std::string_view text, size_t at) {
  return (byte_at(text, at) & 0x0F) << 12 | (byte_at(text, at + 1) & 0x3F) << 6 |
         (byte_at(text, at + 2) & 0x3F);
}

void append_utf8(std::string& out, unsigned code) {
  const auto append = [&](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    append(code);
  } else if (code < 0x800) {
    append(0xC0 | code >> 6);
    append(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    append(0xE0 | code >> 12);
    append(0x80 | (code >> 6 & 0x3F));
    append(0x80 | (code & 0x3F));
  } else {
    append(0xF0 | code >> 18);
    append(0x80 | (code >> 12 & 0x3F));
    append(0x80 | (code >> 6 & 0x3F));
    append(0x80 | (code & 0x3F));
  }
}

/// The value of a hex digit; 16 for anything else.
unsigned hex_value(unsigned byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return 16;
}

/// One reading of a string literal or template.
class TextScan {
 public:
  TextScan(std::string_view source, size_t at, std::string& text)
      : source_(source), start_(at), at_(at + 1), quote_(source[at]), out_(text) {}

  std::optional<LiteralProblem> scan();
  [[nodiscard]] size_t end() const { return at_; }

 private:
  bool character();
  bool escape();
  bool hex_escape(size_t start, size_t digits);
  bool code_point_escape(size_t start);
  bool emit(unsigned code, size_t at);
  bool whole(size_t at);
  bool fail(LiteralCode code, size_t at, std::string_view detail) {
    problem_ = {code, at, std::string(detail)};
    return false;
  }
  bool unterminated() {
    return fail(LiteralCode::syntax, start_, "this string does not end where it must");
  }

  std::string_view source_;
  size_t start_;
  size_t at_;
  char quote_;
  std::string& out_;
  unsigned high_ = 0;  ///< the first half of a surrogate pair that waits for the second
  std::optional<LiteralProblem> problem_;
};

std::optional<LiteralProblem> TextScan::scan() {
  while (at_ < source_.size() && source_[at_] != quote_) {
    if (!character()) return problem_;
  }
  if (at_ == source_.size()) {
    unterminated();
  } else if (whole(at_)) {
    ++at_;
  }
  return problem_;
}

bool TextScan::character() {
  const char c = source_[at_];
  if (c == '\\') return escape();
  if (!whole(at_)) return false;
  const bool line_end = c == '\n' || c == '\r';
  if (quote_ != '`') {
    if (line_end) return unterminated();
  } else if (c == '$' && byte_at(source_, at_ + 1) == '{') {
    return fail(LiteralCode::template_hole, at_,
                "`${` puts a computed value into a template; a template without holes is readable");
  }
  // ECMAScript gives every line end within a template as LF.
  out_.push_back(line_end ? '\n' : c);
  at_ += c == '\r' && byte_at(source_, at_ + 1) == '\n' ? 2 : 1;
  return true;
}

bool TextScan::escape() {
  const size_t start = at_++;
  if (at_ == source_.size()) return unterminated();
  const TsSpace space = space_at(source_, at_);
  if (space.ends_line) {
    at_ += source_[at_] == '\r' && byte_at(source_, at_ + 1) == '\n' ? 2 : space.size;
    return true;
  }
  const char c = source_[at_++];
  if (c == 'u' && byte_at(source_, at_) == '{') return code_point_escape(start);
  if (c == 'u' || c == 'x') return hex_escape(start, c == 'u' ? 4 : 2);
  if (is_digit(c)) {
    const bool nul = c == '0' && !is_digit(static_cast<char>(byte_at(source_, at_)));
    if (nul) return emit(0, start);
    return fail(LiteralCode::syntax, start, "octal escapes are no TypeScript; write \\xHH");
  }
  constexpr std::string_view letters = "nrtbfv";
  constexpr std::string_view meanings = "\n\r\t\b\f\v";
  const size_t letter = letters.find(c);
  if (!whole(start)) return false;
  out_.push_back(letter == std::string_view::npos ? c : meanings[letter]);
  return true;
}

bool TextScan::hex_escape(size_t start, size_t digits) {
  unsigned code = 0;
  for (size_t i = 0; i < digits; ++i, ++at_) {
    const unsigned digit = hex_value(byte_at(source_, at_));
    if (digit == 16) {
      return fail(LiteralCode::syntax, start, "this escape lacks hex digits: \\xHH, \\uHHHH");
    }
    code = code * 16 + digit;
  }
  return emit(code, start);
}

bool TextScan::code_point_escape(size_t start) {
  constexpr unsigned code_max = 0x10FFFF;
  unsigned code = 0;
  const size_t first = ++at_;
  for (; hex_value(byte_at(source_, at_)) < 16 && code <= code_max; ++at_) {
    code = code * 16 + hex_value(byte_at(source_, at_));
  }
  if (at_ == first || code > code_max || byte_at(source_, at_) != '}') {
    return fail(LiteralCode::syntax, start, "this escape is not \\u{0} to \\u{10FFFF}");
  }
  ++at_;
  return emit(code, start);
}

/// Appends a code unit or code point that an escape at `at` stands for; halves of a pair are
/// joined, as they are in JavaScript's strings.
bool TextScan::emit(unsigned code, size_t at) {
  if (code >= 0xDC00 && code <= 0xDFFF && high_ != 0) {
    append_utf8(out_, 0x10000 + ((high_ - 0xD800) << 10) + (code - 0xDC00));
    high_ = 0;
    return true;
  }
  if (!whole(at)) return false;
  if (code >= 0xD800 && code <= 0xDBFF) {
    high_ = code;
    return true;
  }
  if (code >= 0xDC00 && code <= 0xDFFF) {
    return fail(LiteralCode::surrogate, at,
                "the second half of a surrogate pair stands alone; it is no character");
  }
  append_utf8(out_, code);
  return true;
}

/// No half of a surrogate pair waits for what stands at `at`.
bool TextScan::whole(size_t at) {
  if (high_ == 0) return true;
  return fail(LiteralCode::surrogate, at,
              "the first half of a surrogate pair stands alone before this; it is no character");
}

}  // namespace

size_t utf8_prefix(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t size = character_size(text, at);
    if (size == 0) break;
    at += size;
  }
  return at;
}

TsSpace space_at(std::string_view source, size_t at) {
  const unsigned first = byte_at(source, at);
  if (at >= source.size()) return {};
  if (first == '\n' || first == '\r') return {1, true};
  if (first == ' ' || first == '\t' || first == '\v' || first == '\f') return {1, false};
  if (first == 0xC2 && byte_at(source, at + 1) == 0xA0) return {2, false};
  if (first < 0xE1 || first > 0xEF || source.size() - at < 3) return {};
  const unsigned code = three_bytes(source, at);
  if (code == 0x2028 || code == 0x2029) return {3, true};
  const bool space = code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F ||
                     code == 0x205F || code == 0x3000 || code == 0xFEFF;
  return {space ? size_t{3} : size_t{0}, false};
}

size_t word_size(std::string_view source, size_t at) {
  size_t end = at;
  while (end < source.size()) {
    const unsigned byte = byte_at(source, end);
    const char c = source[end];
    const bool letter = is_lower(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
    if (letter || (end > at && is_digit(c))) {
      ++end;
    } else if (byte >= 0x80 && space_at(source, end).size == 0) {
      end += std::max<size_t>(character_size(source, end), 1);
    } else {
      break;
    }
  }
  return end - at;
}

std::optional<LiteralProblem> scan_text(std::string_view source, size_t at, size_t& end,
                                        std::string& text) {
  TextScan scan(source, at, text);
  auto problem = scan.scan();
  end = scan.end();
  return problem;
}

}  // namespace slipway
