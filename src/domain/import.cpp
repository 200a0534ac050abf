#include "domain/import.hpp"

#include <algorithm>
#include <type_traits>

#include "base/text.hpp"

namespace slipway {
namespace {

std::string_view event_name(const ImportEvent& event) {
  return std::visit([](const auto& e) { return describe<std::decay_t<decltype(e)>>::name; }, event);
}

struct Apply {
  ImportRow& row;
  int64_t at_ms;

  void operator()(const ImportStarted& e) const {
    row.id = e.id;
    row.owner = e.owner;
    row.prefix = e.prefix;
    row.suffix = e.suffix;
    row.pending = e.repositories;
    row.environments = e.environments;
    row.dry_run = e.dry_run;
    row.author = e.author;
    row.next_page = e.all ? 1 : 0;
    row.created_ms = at_ms;
  }
  void operator()(const ImportListed& e) const {
    row.pending.insert(row.pending.end(), e.repositories.begin(), e.repositories.end());
    row.next_page = e.next_page;
  }
  void operator()(const ImportRead& e) const {
    const int64_t count = e.imported + e.existing + e.refused;
    const auto most = static_cast<long>(row.pending.size());
    row.pending.erase(row.pending.begin(),
                      row.pending.begin() + std::min(static_cast<long>(count), most));
    row.read += count;
    row.imported += e.imported;
    row.existing += e.existing;
    row.refused += e.refused;
  }
  void operator()(const ImportFinished&) const {}
  void operator()(const ImportStopped& e) const { row.failure = e.failure; }
};

}  // namespace

void apply(ImportRow& row, const ImportEvent& event, int64_t at_ms) {
  const auto next = next_state(import_edges, row.state, event_name(event));
  if (!next) __builtin_trap();
  std::visit(Apply{row, at_ms}, event);
  row.state = *next;
  row.updated_ms = at_ms;
  ++row.seq;
}

std::string import_item_id(std::string_view import_id, int64_t number) {
  constexpr size_t digits = 6;
  const std::string text = to_text(number);
  return concat(import_id, "/", std::string(digits - std::min(digits, text.size()), '0'), text);
}

std::optional<std::string> platform_id_of(std::string_view repository, std::string_view suffix) {
  if (!repository.ends_with(suffix)) return std::nullopt;
  repository.remove_suffix(suffix.size());
  if (!is_platform_id(repository)) return std::nullopt;
  return std::string(repository);
}

}  // namespace slipway
