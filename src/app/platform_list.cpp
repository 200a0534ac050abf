// GET /api/v1/platforms: by id, of all or of those whose sites match; each filter is answered by an
// index.
#include <algorithm>

#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/paging.hpp"
#include "app/views.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// Sorts after every character of a platform id.
constexpr char after_all = '~';

/// What is asked for; empty texts where a filter is not set.
struct Filter {
  std::string environment;
  std::string state;
  std::string prefix;
  std::string after;   ///< ids are greater
  std::string before;  ///< ids are less
};

Filter read_filter(const Run& run, const Page& page) {
  const auto text = [&](std::string_view name) {
    return std::string(run.query_param(name).value_or(""));
  };
  Filter filter{text("environment"), text("state"), text("prefix"), page.cursor, {after_all}};
  if (filter.prefix.empty()) return filter;
  filter.before = concat(filter.prefix, "~");
  // The text that sorts right before the prefix and everything that begins with it.
  std::string floor = filter.prefix;
  --floor.back();
  floor.push_back(after_all);
  filter.after = std::max(filter.after, floor);
  return filter;
}

std::vector<Issue> filter_issues(const Filter& filter) {
  std::vector<Issue> issues;
  const bool sound = std::all_of(filter.prefix.begin(), filter.prefix.end(),
                                 [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
  if (!sound) {
    issues.push_back({"prefix", "query.value", "must be lower-case letters, digits and dashes"});
  }
  const auto state = from_name<SiteState>(filter.state);
  if (state == SiteState::absent || state == SiteState::deleted) {
    issues.push_back({"state", "query.value", "must be a state of a site that is there"});
  }
  return issues;
}

/// The platforms that match, by id: a page and one more.
std::vector<PlatformRow> matching(Run& run, const Filter& filter, int64_t limit) {
  const Scalar after = filter.after;
  const Scalar before = filter.before;
  if (!filter.state.empty() && !filter.environment.empty()) {
    return run.query<PlatformRow>("platforms_of_state_in",
                                  {after, before, number(limit), filter.state, filter.environment});
  }
  if (!filter.state.empty()) {
    return run.query<PlatformRow>("platforms_of_state",
                                  {after, before, number(limit), filter.state});
  }
  if (!filter.environment.empty()) {
    return run.query<PlatformRow>("platforms_of_environment",
                                  {after, before, number(limit), filter.environment});
  }
  if (!filter.prefix.empty()) {
    return run.query<PlatformRow>("platforms_between", {after, before, number(limit)});
  }
  return run.query<PlatformRow>("platforms_after", {after, number(limit)});
}

/// Whether a site of the platform matches. Asks for the sites.
bool site_matches(Run& run, const Filter& filter, const std::string& id) {
  if (filter.state.empty() && filter.environment.empty()) return true;
  bool found = false;
  for (const Environment environment : {Environment::dev, Environment::stg, Environment::prod}) {
    if (!filter.environment.empty() && filter.environment != name_of(environment)) continue;
    const auto site = run.row<SiteRow>("site", site_id(id, environment));
    if (!site || site->deleted_ms) continue;
    found = found || filter.state.empty() || filter.state == name_of(site->state);
  }
  return found;
}

/// The same of the few platforms that a token is limited to.
std::vector<PlatformRow> matching_of(Run& run, const Filter& filter, std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  std::vector<PlatformRow> out;
  for (const std::string& id : ids) {
    if (id <= filter.after || id >= filter.before) continue;
    const bool matches = site_matches(run, filter, id);
    auto row = run.row<PlatformRow>("platform", id);
    if (row && !row->deleted_ms && matches) out.push_back(std::move(*row));
  }
  return out;
}

}  // namespace

Outcome platform_list(Run& run) {
  const auto page = read_page(run);
  const Filter filter = read_filter(run, page);
  auto issues = filter_issues(filter);
  if (!issues.empty()) return run.fail({ErrorCode::query_invalid, "", std::move(issues)});
  const Caller& caller = run.caller();
  const bool limited = caller.token && !covers_all(*caller.token);
  const auto rows = limited ? matching_of(run, filter, caller.token->platforms)
                            : matching(run, filter, page.limit + 1);
  if (run.incomplete()) return run.need();

  PlatformList list;
  for (const PlatformRow& row : rows) {
    if (static_cast<int64_t>(list.items.size()) == page.limit) {
      list.next_cursor = list.items.back().platform_id;
      break;
    }
    list.items.push_back({row.platform_id, row.name, state_of(row), row.environments,
                          row.config_version, to_rfc3339(row.created_ms)});
  }
  return run.reply(200, to_json(list));
}

}  // namespace slipway
