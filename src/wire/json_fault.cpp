#include "wire/json_fault.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace slipway {
namespace {

/// May stand before the document (RFC 8259, 8.1); it is passed over.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// One pass over the text, keeping only the brackets that are open.
class Scan {
 public:
  explicit Scan(std::string_view text)
      : text_(text), at_(text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0) {}

  /// What stands at `at()` although something else belongs there; empty: the text is well-formed.
  std::string_view fault();
  [[nodiscard]] size_t at() const { return at_; }

 private:
  [[nodiscard]] bool ends() const { return at_ == text_.size(); }
  [[nodiscard]] char next() const { return ends() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (ends() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (!ends() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  std::string_view value();
  std::string_view after_value();
  std::string_view key();
  std::string_view scalar();
  std::string_view string();
  std::string_view escape();
  /// The four hex digits of a \u escape, or nothing.
  bool hex(unsigned& unit);

  std::string_view text_;
  size_t at_;
  std::vector<char> open_;
};

bool Scan::hex(unsigned& unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = next();
    const bool upper = c >= 'A' && c <= 'F';
    if (!is_hex_lower(c) && !upper) return false;
    const int digit = is_digit(c) ? c - '0' : upper ? c - 'A' + 10 : c - 'a' + 10;
    unit = unit << 4 | static_cast<unsigned>(digit);
    ++at_;
  }
  return true;
}

std::string_view Scan::escape() {
  if (!take('u')) {
    if (ends() || std::string_view("\"\\/bfnrt").find(next()) == std::string_view::npos) {
      return "no such escape";
    }
    ++at_;
    return {};
  }
  constexpr std::string_view lone = "half of a surrogate pair";
  unsigned unit = 0;
  if (!hex(unit)) return "expected four hex digits";
  if (unit >= 0xDC00 && unit <= 0xDFFF) return lone;
  if (unit < 0xD800 || unit > 0xDBFF) return {};
  if (!take('\\') || !take('u')) return lone;
  if (!hex(unit)) return "expected four hex digits";
  return unit >= 0xDC00 && unit <= 0xDFFF ? std::string_view() : lone;
}

std::string_view Scan::string() {
  ++at_;
  while (!ends()) {
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) < 0x20) return "a control character in a string";
    ++at_;
    if (c == '"') return {};
    if (c != '\\') continue;
    if (const auto fault = escape(); !fault.empty()) return fault;
  }
  return "the string does not end";
}

std::string_view Scan::scalar() {
  if (next() == '"') return string();
  const auto is_end = [](char c) {
    return std::string_view(" \t\r\n,:[]{}\"").find(c) != std::string_view::npos;
  };
  const auto begin = text_.begin() + static_cast<long>(at_);
  const auto end = std::find_if(begin, text_.end(), is_end);
  const std::string_view token = text_.substr(at_, static_cast<size_t>(end - begin));
  if (token.empty()) return ends() ? "the document ends too early" : "expected a value";
  if (token != "true" && token != "false" && token != "null" && !is_json_number(token)) {
    return "neither a string, a number, true, false nor null";
  }
  at_ += token.size();
  return {};
}

std::string_view Scan::key() {
  skip_space();
  if (next() != '"') return "expected a name in double quotes";
  if (const auto fault = string(); !fault.empty()) return fault;
  skip_space();
  return take(':') ? std::string_view() : "expected a colon";
}

std::string_view Scan::value() {
  skip_space();
  const char c = next();
  if (c != '{' && c != '[') {
    if (const auto fault = scalar(); !fault.empty()) return fault;
    return after_value();
  }
  if (open_.size() == json_depth_max) return "nested deeper than 1024 levels";
  open_.push_back(c == '{' ? '}' : ']');
  ++at_;
  skip_space();
  if (next() == open_.back()) return after_value();
  return c == '{' ? key() : std::string_view();
}

/// Closes what ends here and takes the comma before the next value; at the end of the document
/// nothing is open any more.
std::string_view Scan::after_value() {
  while (true) {
    skip_space();
    if (open_.empty()) return ends() ? std::string_view() : "expected the end of the document";
    if (take(open_.back())) {
      open_.pop_back();
      continue;
    }
    if (ends()) return "the document ends too early";
    if (!take(',')) return open_.back() == '}' ? "expected a comma or }" : "expected a comma or ]";
    return open_.back() == '}' ? key() : std::string_view();
  }
}

std::string_view Scan::fault() {
  do {
    if (const auto fault = value(); !fault.empty()) return fault;
  } while (!open_.empty());
  return {};
}

/// The first byte that is not part of a UTF-8 character, or the size of the text.
size_t utf8_end(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const auto byte = [&](size_t i) -> unsigned {
      return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const unsigned lead = byte(0);
    size_t size = 1;
    if (lead >= 0x80) {
      size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
      if (lead < 0xC2 || lead > 0xF4) return at;
      const unsigned least = lead == 0xE0 ? 0xA0U : lead == 0xF0 ? 0x90U : 0x80U;
      const unsigned greatest = lead == 0xED ? 0x9FU : lead == 0xF4 ? 0x8FU : 0xBFU;
      if (byte(1) < least || byte(1) > greatest) return at;
      for (size_t i = 2; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return at;
      }
    }
    at += size;
  }
  return at;
}

std::string at_place(std::string_view text, size_t at, std::string_view fault) {
  const std::string_view before = text.substr(0, at);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const size_t line_begin = before.find_last_of('\n') + 1;
  return concat("line ", to_text(lines + 1), ", column ",
                to_text(static_cast<int64_t>(at - line_begin) + 1), ": ", fault);
}

}  // namespace

std::string json_fault(std::string_view text) {
  const size_t end = utf8_end(text);
  if (end < text.size()) return at_place(text, end, "not UTF-8");
  Scan scan(text);
  const std::string_view fault = scan.fault();
  return fault.empty() ? std::string() : at_place(text, scan.at(), fault);
}

}  // namespace slipway
