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
  const Items was = schema.items(before);
  const Items is = schema.items(after);
  if (was.count > 0 && is.count > 0) {
    value(element, was.value(0), is.value(0), at);
  } else if (was.count > 0) {
    removed(element, was.value(0), at);
  } else if (is.count > 0) {
    added(element, is.value(0), at);
  }
}

size_t index_of(const Items& items, std::string_view key) {
  size_t i = 0;
  while (i < items.count && items.key(i) != key) ++i;
  return i;
}

void Comparison::map(const Schema& schema, const void* before, const void* after, const Place& at) {
  const Schema& element = schema.element();
  const Items was = schema.items(before);
  const Items is = schema.items(after);
  for (size_t i = 0; i < was.count; ++i) {
    const Place here(at, was.key(i));
    const size_t now = index_of(is, was.key(i));
    if (now < is.count) {
      value(element, was.value(i), is.value(now), here);
    } else {
      removed(element, was.value(i), here);
    }
  }
  for (size_t i = 0; i < is.count; ++i) {
    if (index_of(was, is.key(i)) < was.count) continue;
    added(element, is.value(i), Place(at, is.key(i)));
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
