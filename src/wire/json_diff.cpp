#include "wire/json_diff.hpp"

#include <algorithm>

#include "wire/json_write.hpp"
#include "wire/place.hpp"

namespace slipway {
namespace {

/// One comparison: walks both documents side by side.
class Comparison {
 public:
  void value(const Schema& schema, const void* before, const void* after, const Place& at);
  std::vector<Change> changes;

 private:
  void optional(const Schema& schema, const void* before, const void* after, const Place& at);
  void map(const Schema& schema, const void* before, const void* after, const Place& at);
  void added(const Schema& schema, const void* after, const Place& at) {
    changes.push_back({ChangeKind::add, at.pointer(), std::nullopt, Raw{to_json(schema, after)}});
  }
  void removed(const Schema& schema, const void* before, const Place& at) {
    changes.push_back(
        {ChangeKind::remove, at.pointer(), Raw{to_json(schema, before)}, std::nullopt});
  }
};

void Comparison::optional(const Schema& schema, const void* before, const void* after,
                          const Place& at) {
  const Schema& element = schema.element();
  const bool was = schema.size(before) > 0;
  const bool is = schema.size(after) > 0;
  if (was && is) {
    value(element, schema.at(before, 0), schema.at(after, 0), at);
  } else if (was) {
    removed(element, schema.at(before, 0), at);
  } else if (is) {
    added(element, schema.at(after, 0), at);
  }
}

size_t index_of(const Schema& map, const void* source, std::string_view key) {
  size_t i = 0;
  while (i < map.size(source) && map.key_at(source, i) != key) ++i;
  return i;
}

void Comparison::map(const Schema& schema, const void* before, const void* after, const Place& at) {
  const Schema& element = schema.element();
  for (size_t i = 0; i < schema.size(before); ++i) {
    const std::string_view key = schema.key_at(before, i);
    const size_t now = index_of(schema, after, key);
    const Place here(at, key);
    if (now < schema.size(after)) {
      value(element, schema.at(before, i), schema.at(after, now), here);
    } else {
      removed(element, schema.at(before, i), here);
    }
  }
  for (size_t i = 0; i < schema.size(after); ++i) {
    const std::string_view key = schema.key_at(after, i);
    if (index_of(schema, before, key) < schema.size(before)) continue;
    added(element, schema.at(after, i), Place(at, key));
  }
}

void Comparison::value(const Schema& schema, const void* before, const void* after,
                       const Place& at) {
  switch (schema.kind) {
    case Kind::object:
      for (const FieldInfo& field : schema.fields) {
        value(field.schema(), field.read(before), field.read(after), Place(at, field.name));
      }
      return;
    case Kind::map:
      map(schema, before, after, at);
      return;
    case Kind::optional:
      optional(schema, before, after, at);
      return;
    default: {
      std::string was = to_json(schema, before);
      std::string is = to_json(schema, after);
      if (was == is) return;
      changes.push_back(
          {ChangeKind::replace, at.pointer(), Raw{std::move(was)}, Raw{std::move(is)}});
    }
  }
}

}  // namespace

std::vector<Change> changes_between(const Schema& schema, const void* before, const void* after) {
  Comparison comparison;
  comparison.value(schema, before, after, Place());
  return std::move(comparison.changes);
}

}  // namespace slipway
