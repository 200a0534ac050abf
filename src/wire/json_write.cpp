#include "wire/json_write.hpp"

#include "base/text.hpp"

namespace slipway {
namespace {

void append_escape(std::string& out, unsigned code) {
  constexpr std::string_view digits = "0123456789abcdef";
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(digits[code >> shift & 15]);
}

/// Whether a U+2028 or U+2029 begins at `at`: E2 80 A8 or E2 80 A9.
bool is_line_separator(std::string_view text, size_t at) {
  return text.size() - at >= 3 && text[at] == '\xE2' && text[at + 1] == '\x80' &&
         (text[at + 2] == '\xA8' || text[at + 2] == '\xA9');
}

void append_scalar(std::string& out, const Scalar& scalar) {
  if (const auto* text = std::get_if<std::string>(&scalar)) {
    append_json_string(out, *text);
  } else if (const auto* number = std::get_if<NumberText>(&scalar)) {
    out.append(number->text);
  } else {
    out.append(std::get<bool>(scalar) ? "true" : "false");
  }
}

void append_list(std::string& out, const Schema& schema, const void* source) {
  out.push_back('[');
  for (size_t i = 0; i < schema.size(source); ++i) {
    if (i > 0) out.push_back(',');
    append_json(out, schema.element(), schema.at(source, i));
  }
  out.push_back(']');
}

void append_map(std::string& out, const Schema& schema, const void* source) {
  out.push_back('{');
  for (size_t i = 0; i < schema.size(source); ++i) {
    if (i > 0) out.push_back(',');
    append_json_string(out, schema.key_at(source, i));
    out.push_back(':');
    append_json(out, schema.element(), schema.at(source, i));
  }
  out.push_back('}');
}

/// The members of an object, without braces; `first` tells whether a comma is due.
void append_members(std::string& out, const Schema& schema, const void* source, bool first) {
  for (const FieldInfo& field : schema.fields) {
    const Schema* value_schema = &field.schema();
    const void* value = field.read(source);
    if (value_schema->kind == Kind::optional) {
      if (value_schema->size(value) == 0) continue;
      value = value_schema->at(value, 0);
      value_schema = &value_schema->element();
    }
    if (!first) out.push_back(',');
    first = false;
    append_json_string(out, field.name);
    out.push_back(':');
    append_json(out, *value_schema, value);
  }
}

void append_one_of(std::string& out, const Schema& schema, const void* source) {
  for (const Alternative& alternative : schema.alternatives) {
    const void* value = alternative.get(source);
    if (value == nullptr) continue;
    out.append("{\"type\":");
    append_json_string(out, alternative.name);
    append_members(out, alternative.schema(), value, false);
    out.push_back('}');
    return;
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out.append("\\n");
    } else if (byte < 0x20 || c == '<' || byte == 0x7F) {
      append_escape(out, byte);
    } else if (is_line_separator(text, i)) {
      append_escape(out, text[i + 2] == '\xA8' ? 0x2028 : 0x2029);
      i += 2;
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void append_json(std::string& out, const Schema& schema, const void* source) {
  switch (schema.kind) {
    case Kind::boolean:
      out.append(*static_cast<const bool*>(source) ? "true" : "false");
      return;
    case Kind::integer:
      out.append(to_text(*static_cast<const int64_t*>(source)));
      return;
    case Kind::text:
      append_json_string(out, *static_cast<const std::string*>(source));
      return;
    case Kind::enumeration:
      append_json_string(out, schema.names[schema.get_enum(source)]);
      return;
    case Kind::scalar:
      append_scalar(out, *static_cast<const Scalar*>(source));
      return;
    case Kind::raw:
      out.append(static_cast<const Raw*>(source)->text);
      return;
    case Kind::optional:
      if (schema.size(source) == 0) {
        out.append("null");
      } else {
        append_json(out, schema.element(), schema.at(source, 0));
      }
      return;
    case Kind::list:
      append_list(out, schema, source);
      return;
    case Kind::map:
      append_map(out, schema, source);
      return;
    case Kind::object:
      out.push_back('{');
      append_members(out, schema, source, true);
      out.push_back('}');
      return;
    case Kind::one_of:
      append_one_of(out, schema, source);
      return;
  }
}

}  // namespace slipway
