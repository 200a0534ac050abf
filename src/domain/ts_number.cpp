#include "domain/ts_number.hpp"

#include <algorithm>
#include <cstdint>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "domain/ts_text.hpp"

namespace slipway {
namespace {

constexpr std::string_view beyond_exact =
    "an integer beyond 2^53 - 1 is rounded by JavaScript; a string would keep its digits";

/// One reading of a number literal.
class NumberScan {
 public:
  NumberScan(std::string_view source, size_t at) : source_(source), start_(at), at_(at) {}

  bool scan(std::string& json);
  [[nodiscard]] size_t end() const { return at_; }
  [[nodiscard]] LiteralProblem problem() const {
    return {LiteralCode::number, start_, std::string(problem_)};
  }

 private:
  [[nodiscard]] char peek(size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  bool fail(std::string_view problem) {
    problem_ = problem;
    return false;
  }
  bool digits(unsigned base, std::string& out);
  bool of_base(unsigned base, std::string& json);
  bool decimal(std::string& json);
  [[nodiscard]] bool is_finite(std::string_view exponent) const;

  std::string_view source_;
  size_t start_;
  size_t at_;
  std::string whole_;
  std::string fraction_;
  std::string_view problem_;
};

unsigned digit_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return 16;
}

/// Reads one digit or more; `_` stands only between two of them.
bool NumberScan::digits(unsigned base, std::string& out) {
  if (digit_value(peek()) >= base) return fail("digits are missing in this number");
  while (digit_value(peek()) < base) {
    out.push_back(peek());
    ++at_;
    if (peek() != '_') continue;
    ++at_;
    if (digit_value(peek()) >= base) return fail("`_` stands only between two digits");
  }
  return true;
}

bool NumberScan::of_base(unsigned base, std::string& json) {
  at_ += 2;
  std::string read;
  if (!digits(base, read)) return false;
  int64_t number = 0;
  for (const char c : read) {
    number = number * base + digit_value(c);
    if (number > limits::integer_max) return fail(beyond_exact);
  }
  json.append(to_text(number));
  return true;
}

bool NumberScan::decimal(std::string& json) {
  const bool zero = peek() == '0';
  if (zero && (is_digit(peek(1)) || peek(1) == '_')) {
    return fail("a number does not begin with a superfluous 0; octal ones begin with 0o");
  }
  if (peek() != '.' && !digits(10, whole_)) return false;
  if (peek() == '.') {
    ++at_;
    if (is_digit(peek()) && !digits(10, fraction_)) return false;
  }
  std::string exponent;
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') {
      exponent.push_back(peek());
      ++at_;
    }
    if (!digits(10, exponent)) return false;
  }
  if (whole_.empty()) whole_ = "0";
  const bool integer = fraction_.empty() && exponent.empty();
  if (integer && !to_number(whole_)) return fail(beyond_exact);
  if (!is_finite(exponent)) return fail("this number is too large: JavaScript reads Infinity");
  json.append(whole_);
  if (!fraction_.empty()) json.append(".").append(fraction_);
  if (!exponent.empty()) json.append("e").append(exponent);
  return true;
}

/// Whether the number is below 2^1024 - 2^970, from where on it is rounded to infinity.
bool NumberScan::is_finite(std::string_view exponent) const {
  constexpr int64_t bound_power = 308;
  constexpr std::string_view bound_digits =
      "17976931348623158079372897140530341507993413271003782693617377898044496829276475"
      "09466490179775872070963302864166928879109465555478519404026306574886715058206819"
      "08902000708383676273854845817711531764475730270069855571366959622842914819860834"
      "936475292719074168444365510704342711559699508093042880177904174497792";
  const std::string all = whole_ + fraction_;
  const size_t first = all.find_first_not_of('0');
  if (first == std::string::npos) return true;
  const bool negative = exponent.starts_with('-');
  if (negative || exponent.starts_with('+')) exponent.remove_prefix(1);
  exponent.remove_prefix(std::min(exponent.find_first_not_of('0'), exponent.size()));
  constexpr int64_t far = 1'000'000'000'000;
  const int64_t read = exponent.empty() ? 0 : to_number(exponent).value_or(far);
  const int64_t power = static_cast<int64_t>(whole_.size()) - 1 - static_cast<int64_t>(first) +
                        (negative ? -read : read);
  if (power != bound_power) return power < bound_power;
  return std::string_view(all).substr(first) < bound_digits;
}

bool NumberScan::scan(std::string& json) {
  const char mark = peek() == '0' ? peek(1) : '\0';
  const bool hex = mark == 'x' || mark == 'X';
  const bool octal = mark == 'o' || mark == 'O';
  const bool binary = mark == 'b' || mark == 'B';
  const bool based = hex || octal || binary;
  const bool read = based ? of_base(hex ? 16 : (octal ? 8 : 2), json) : decimal(json);
  if (!read) return false;
  if (peek() == 'n') return fail("a bigint has no form in JSON; a string would be readable");
  if (is_digit(peek()) || word_size(source_, at_) > 0) {
    return fail("letters or digits follow this number without a space");
  }
  return true;
}

}  // namespace

std::optional<LiteralProblem> scan_number(std::string_view source, size_t at, size_t& end,
                                          std::string& json) {
  NumberScan scan(source, at);
  const bool read = scan.scan(json);
  end = scan.end();
  return read ? std::nullopt : std::optional(scan.problem());
}

}  // namespace slipway
