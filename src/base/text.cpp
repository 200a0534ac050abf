#include "base/text.hpp"

#include <algorithm>
#include <charconv>

#include "base/limits.hpp"

namespace slipway {
namespace {

void append_padded(std::string& out, int64_t number, int width) {
  const std::string digits = to_text(number);
  for (size_t i = digits.size(); i < static_cast<size_t>(width); ++i) out.push_back('0');
  out.append(digits);
}

/// Year, month and day of a day count since the epoch, in the Gregorian calendar.
/// Shifts the year's start to March so that the leap day is its last.
void append_date(std::string& out, int64_t days) {
  const int64_t shifted = days + 719'468;
  const int64_t era = shifted / 146'097;
  const int64_t day_of_era = shifted % 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  append_padded(out, era * 400 + year_of_era + (month <= 2 ? 1 : 0), 4);
  out.push_back('-');
  append_padded(out, month, 2);
  out.push_back('-');
  append_padded(out, day, 2);
}

std::string date_and_time(int64_t at_ms) {
  std::string out;
  const int64_t seconds = at_ms / 1000;
  append_date(out, seconds / 86'400);
  out.push_back('T');
  append_padded(out, seconds % 86'400 / 3'600, 2);
  out.push_back(':');
  append_padded(out, seconds % 3'600 / 60, 2);
  out.push_back(':');
  append_padded(out, seconds % 60, 2);
  return out;
}

size_t digits_at(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

}  // namespace

bool is_kebab(std::string_view text) {
  bool after_word = false;
  for (const char c : text) {
    if (is_lower(c) || is_digit(c)) {
      after_word = true;
    } else if (c == '-' && after_word) {
      after_word = false;
    } else {
      return false;
    }
  }
  return after_word;
}

bool is_hex(std::string_view text, size_t size) {
  return text.size() == size && std::all_of(text.begin(), text.end(), is_hex_lower);
}

std::string to_text(int64_t number) {
  char buffer[24];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
  (void)error;
  return std::string(buffer, end);
}

std::optional<int64_t> to_number(std::string_view text) {
  if (text.empty() || text.size() > 16) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (number > limits::integer_max) return std::nullopt;
  return number;
}

bool is_json_number(std::string_view text) {
  size_t at = text.starts_with('-') ? 1 : 0;
  const size_t whole = digits_at(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = digits_at(text, ++at);
    if (fraction == 0) return false;
    at += fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t exponent = digits_at(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

std::string to_rfc3339(int64_t at_ms) {
  std::string out = date_and_time(at_ms);
  out.push_back('.');
  append_padded(out, at_ms % 1000, 3);
  out.push_back('Z');
  return out;
}

std::string to_rfc3339_seconds(int64_t at_ms) { return date_and_time(at_ms) + "Z"; }

std::string url_component(std::string_view text) {
  if (text == ".") return "%252E";
  if (text == "..") return "%252E%252E";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool upper = c >= 'A' && c <= 'Z';
    if (is_lower(c) || upper || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(digits[byte >> 4]);
      out.push_back(digits[byte & 15]);
    }
  }
  return out;
}

std::string_view head(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string joined(std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view part : parts) out.append(part);
  return out;
}

std::string_view tail(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t start = text.size() - bytes_max;
  while (start < text.size() && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) ++start;
  return text.substr(start);
}

}  // namespace slipway
