#include "wire/json_write.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "base/text.hpp"

namespace slipway {
namespace {

enum class Layout : uint8_t {
  compact,  ///< JSON without white space
  literal,  ///< a TypeScript literal: a member or element a line, indented by two spaces a level
};

/// The text under construction. Grows by itself; a finished text is copied out once.
class Text {
 public:
  explicit Text(Layout layout = Layout::compact) : layout_(layout) {}

  // The punctuation between values. A list or object without content stays on one line.

  void open(char bracket) {
    push(bracket);
    depth_ += 1;
    first_ = true;
  }
  void item() {
    if (!first_) push(',');
    first_ = false;
    if (layout_ == Layout::literal) new_line();
  }
  void close(char bracket) {
    depth_ -= 1;
    if (layout_ == Layout::literal && !first_) new_line();
    first_ = false;
    push(bracket);
  }
  /// A member's name that is one of our own: it has nothing to escape.
  void field(std::string_view name) {
    item();
    reserve(name.size() + 2);
    *end_++ = '"';
    std::memcpy(end_, name.data(), name.size());
    end_ += name.size();
    *end_++ = '"';
    colon();
  }
  /// A member's name that is a user's. The one that an object literal would take for something
  /// else than a property is written as a computed one.
  void key(std::string_view name) {
    item();
    if (layout_ == Layout::literal && name == "__proto__") {
      append("[\"__proto__\"]");
    } else {
      append_string(name);
    }
    colon();
  }

  void push(char c) {
    reserve(1);
    *end_++ = c;
  }
  void append(std::string_view text) {
    reserve(text.size());
    std::memcpy(end_, text.data(), text.size());
    end_ += text.size();
  }
  void append_escape(unsigned code) {
    constexpr std::string_view digits = "0123456789abcdef";
    append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) push(digits[code >> shift & 15]);
  }
  /// One character that does not stand in a string as it is.
  void append_escaped(char c);
  void append_string(std::string_view text);
  [[nodiscard]] std::string_view view() const {
    return {begin_.get(), static_cast<size_t>(end_ - begin_.get())};
  }

 private:
  void colon() { append(layout_ == Layout::literal ? ": " : ":"); }
  void new_line() {
    push('\n');
    for (size_t i = 0; i < depth_; ++i) append("  ");
  }
  void reserve(size_t more) {
    if (static_cast<size_t>(limit_ - end_) < more) grow(more);
  }
  void grow(size_t more);

  static constexpr size_t bytes_min = 4096;
  std::unique_ptr<char[]> begin_;
  char* end_ = nullptr;
  char* limit_ = nullptr;
  Layout layout_;
  size_t depth_ = 0;
  bool first_ = true;  ///< nothing stands yet in the innermost list or object
};

void Text::grow(size_t more) {
  const size_t used = view().size();
  const size_t room = std::max({bytes_min, 4 * used, used + more});
  // Not value-initialised: every byte is written before it is read.
  std::unique_ptr<char[]> bytes(new char[room]);
  if (used > 0) std::memcpy(bytes.get(), begin_.get(), used);
  begin_ = std::move(bytes);
  end_ = begin_.get() + used;
  limit_ = begin_.get() + room;
}

/// Whether a byte of a string may have to be escaped. 0xE2 begins U+2028 and U+2029.
constexpr bool is_special(unsigned char byte) {
  return byte < 0x20 || byte == '"' || byte == '\\' || byte == '<' || byte == 0x7F || byte == 0xE2;
}

/// Sixteen bytes at once, in whatever vectors the machine has.
using Block = unsigned char __attribute__((vector_size(16)));
using BlockMask = decltype(Block() == Block());

bool has_special(const char* at) {
  Block block;
  std::memcpy(&block, at, sizeof block);
  const BlockMask found = (block < 0x20) | (block == '"') | (block == '\\') | (block == '<') |
                          (block == 0x7F) | (block == 0xE2);
  std::array<uint64_t, 2> halves;
  std::memcpy(halves.data(), &found, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

constexpr auto special = [] {
  std::array<bool, 256> table{};
  for (size_t i = 0; i < table.size(); ++i) table[i] = is_special(static_cast<unsigned char>(i));
  return table;
}();

/// The end of the bytes from `at` that stand in a JSON string as they are.
const char* plain_end(const char* at, const char* end) {
  while (static_cast<size_t>(end - at) >= sizeof(Block)) {
    if (has_special(at)) break;
    at += sizeof(Block);
  }
  while (at != end && !special[static_cast<unsigned char>(*at)]) ++at;
  return at;
}

/// Whether U+2028 or U+2029 begins at `at`: E2 80 A8 or E2 80 A9.
bool is_line_separator(const char* at, const char* end) {
  return end - at >= 3 && at[0] == '\xE2' && at[1] == '\x80' &&
         (at[2] == '\xA8' || at[2] == '\xA9');
}

void Text::append_escaped(char c) {
  if (c == '"' || c == '\\') {
    push('\\');
    push(c);
  } else if (c == '\n') {
    append("\\n");
  } else {
    append_escape(static_cast<unsigned char>(c));
  }
}

void Text::append_string(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  reserve(text.size() + 2);
  *end_++ = '"';
  while (true) {
    const char* const plain = plain_end(at, end);
    append({at, static_cast<size_t>(plain - at)});
    if (plain == end) break;
    at = plain + 1;
    if (*plain != '\xE2') {
      append_escaped(*plain);
    } else if (is_line_separator(plain, end)) {
      append_escape(plain[2] == '\xA8' ? 0x2028 : 0x2029);
      at = plain + 3;
    } else {
      push(*plain);
    }
  }
  push('"');
}

void append_value(Text& out, const Schema& schema, const void* source);

void append_scalar(Text& out, const Scalar& scalar) {
  if (scalar.is == Scalar::Is::string) {
    out.append_string(scalar.text);
  } else {
    out.append(scalar.text);
  }
}

void append_list(Text& out, const Schema& schema, const void* source) {
  const Schema& element = schema.element();
  out.open('[');
  const Items items = schema.items(source);
  for (size_t i = 0; i < items.count; ++i) {
    out.item();
    append_value(out, element, items.value(i));
  }
  out.close(']');
}

void append_map(Text& out, const Schema& schema, const void* source) {
  const Schema& element = schema.element();
  out.open('{');
  const Items items = schema.items(source);
  for (size_t i = 0; i < items.count; ++i) {
    out.key(items.key(i));
    append_value(out, element, items.value(i));
  }
  out.close('}');
}

/// The members of an object, without braces.
void append_members(Text& out, const Schema& schema, const void* source) {
  for (const FieldInfo& field : schema.fields) {
    const Schema* value_schema = &field.schema();
    const void* value = field.read(source);
    if (value_schema->kind == Kind::optional) {
      const Items held = value_schema->items(value);
      if (held.count == 0) continue;
      value = held.value(0);
      value_schema = &value_schema->element();
    }
    out.field(field.name);
    append_value(out, *value_schema, value);
  }
}

void append_one_of(Text& out, const Schema& schema, const void* source) {
  for (const Alternative& alternative : schema.alternatives) {
    const void* value = alternative.get(source);
    if (value == nullptr) continue;
    out.open('{');
    out.field("type");
    out.append_string(alternative.name);
    append_members(out, alternative.schema(), value);
    out.close('}');
    return;
  }
}

void append_value(Text& out, const Schema& schema, const void* source) {
  switch (schema.kind) {
    case Kind::boolean:
      out.append(*static_cast<const bool*>(source) ? "true" : "false");
      return;
    case Kind::integer:
      out.append(to_text(*static_cast<const int64_t*>(source)));
      return;
    case Kind::text:
      out.append_string(*static_cast<const std::string*>(source));
      return;
    case Kind::enumeration:
      out.append_string(schema.names[schema.get_enum(source)]);
      return;
    case Kind::scalar:
      append_scalar(out, *static_cast<const Scalar*>(source));
      return;
    case Kind::raw:
      out.append(static_cast<const Raw*>(source)->text);
      return;
    case Kind::optional:
      if (const Items held = schema.items(source); held.count > 0) {
        append_value(out, schema.element(), held.value(0));
      } else {
        out.append("null");
      }
      return;
    case Kind::list:
      append_list(out, schema, source);
      return;
    case Kind::map:
      append_map(out, schema, source);
      return;
    case Kind::object:
      out.open('{');
      append_members(out, schema, source);
      out.close('}');
      return;
    case Kind::one_of:
      append_one_of(out, schema, source);
      return;
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  Text buffer;
  buffer.append_string(text);
  out.append(buffer.view());
}

std::string to_json(const Schema& schema, const void* source) {
  Text buffer;
  append_value(buffer, schema, source);
  return std::string(buffer.view());
}

std::string to_literal(const Schema& schema, const void* source) {
  Text buffer(Layout::literal);
  append_value(buffer, schema, source);
  return std::string(buffer.view());
}

}  // namespace slipway
