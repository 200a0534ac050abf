// Reading JSON strictly, straight into described structs.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "wire/describe.hpp"
#include "wire/place.hpp"

namespace slipway {

/// Bytes that the reader may run past: at least `json_padding` bytes after them are readable.
struct PaddedView {
  std::string_view text;
};

/// Readable bytes that must follow a text (simdjson reads in blocks).
inline constexpr size_t json_padding = 64;

/// A text with its padding, for callers that do not have one in a frame.
class PaddedText {
 public:
  explicit PaddedText(std::string_view text) : bytes_(text), size_(text.size()) {
    bytes_.append(json_padding, '\0');
  }
  [[nodiscard]] PaddedView view() const { return {std::string_view(bytes_).substr(0, size_)}; }

 private:
  std::string bytes_;
  size_t size_;
};

enum class Strictness : uint8_t {
  strict,   ///< for what users send: unknown members are errors
  lenient,  ///< for upstream answers and our own rows: unknown members are skipped, absent ones
            ///< keep their default unless they are vital, and a null member counts as absent
};

/// What came of a reading.
struct ReadOutcome {
  bool malformed = false;     ///< not JSON, or not UTF-8; `problem` says what
  std::string problem;        ///< only where malformed
  std::vector<Issue> issues;  ///< every fault of a well-formed document
  [[nodiscard]] bool ok() const { return !malformed && issues.empty(); }
};

/// Reads documents one after the other. Keeps buffers from one reading to the next and nothing
/// else.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  /// Reads the whole document into `out`. Codes of the issues: `field.unknown`, `field.missing`,
  /// `field.duplicate`, `field.type`, `field.value`. Raw members are taken as they stand and are
  /// only for documents that we wrote. `out` holds whatever was readable.
  template <class T>
  [[nodiscard]] ReadOutcome read(PaddedView document, Strictness strictness, T& out) {
    return read_document(document, strictness, schema_of<T>(), &out);
  }

 private:
  ReadOutcome read_document(PaddedView document, Strictness, const Schema&, void* out);
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace slipway
