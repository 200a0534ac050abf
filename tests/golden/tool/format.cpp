#include "format.hpp"

#include <algorithm>
#include <vector>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "base64.hpp"
#include "wire/frame.hpp"

namespace slipway::golden {
namespace {

Json parse(std::string_view text) { return Json::parse(text, nullptr, false); }

/// Numbers that every reader keeps exactly, and no names that JavaScript would move to the front.
bool is_plain(const Json& value) {
  if (value.is_number_float()) return false;
  if (value.is_number()) {
    const auto magnitude = value.is_number_unsigned()
                               ? value.get<uint64_t>()
                               : 0 - static_cast<uint64_t>(value.get<int64_t>());
    return magnitude <= static_cast<uint64_t>(limits::integer_max);
  }
  for (const auto& [name, each] : value.items()) {
    const bool is_index =
        value.is_object() && !name.empty() && std::all_of(name.begin(), name.end(), is_digit);
    if (is_index || (value.is_structured() && !is_plain(each))) return false;
  }
  return true;
}

bool is_utf8(std::string_view text) {
  using Handler = nlohmann::detail::error_handler_t;
  return parse(Json(text).dump(-1, ' ', false, Handler::replace)) == text;
}

Json lines_of(std::string_view text) {
  Json lines = Json::array();
  for (size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  lines.push_back(text);
  return lines;
}

std::optional<std::string> joined(const Json& lines) {
  std::string out;
  for (const Json& line : lines) {
    if (!line.is_string()) return std::nullopt;
    if (&line != &lines.front()) out.push_back('\n');
    out.append(line.get_ref<const std::string&>());
  }
  return out;
}

Json segment_of(std::string_view bytes) {
  if (!is_utf8(bytes)) return {{"base64", to_base64(bytes)}};
  if (bytes.starts_with('{') || bytes.starts_with('[')) {
    Json value = parse(bytes);
    const bool canonical = !value.is_discarded() && is_plain(value) && value.dump() == bytes;
    if (canonical) return {{"json", std::move(value)}};
  }
  if (bytes.find('\n') != std::string_view::npos) return {{"lines", lines_of(bytes)}};
  return {{"text", bytes}};
}

std::optional<std::string> bytes_of(const Json& segment) {
  if (!segment.is_object() || segment.size() != 1) return std::nullopt;
  const auto member = segment.begin();
  const Json& value = member.value();
  if (member.key() == "json") return value.dump();
  if (member.key() == "lines" && value.is_array()) return joined(value);
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  if (member.key() == "text") return text;
  if (member.key() == "base64") return from_base64(text);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> frame_of(const Json& segments) {
  if (!segments.is_array() || segments.empty()) return std::nullopt;
  std::vector<std::string> parts;
  for (const Json& segment : segments) {
    auto bytes = bytes_of(segment);
    if (!bytes) return std::nullopt;
    parts.push_back(*std::move(bytes));
  }
  return write_frame(parts);
}

Json segments_of(std::string_view frame) {
  Json segments = Json::array();
  const auto parts = read_frame(frame);
  for (const std::string_view bytes : *parts) segments.push_back(segment_of(bytes));
  return segments;
}

std::string text_of(const Json& file) { return file.dump(2) + "\n"; }

}  // namespace slipway::golden
