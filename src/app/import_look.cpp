// Looking at an import: a page of the organisation's repositories is listed, or the next few are
// read and become platforms. What is read in one look is stored in one commit, so that nothing is
// done twice and nothing is lost, wherever the process dies.
#include <algorithm>

#include "app/effects.hpp"
#include "app/import_repository.hpp"
#include "app/operations.hpp"
#include "app/places.hpp"
#include "base/blake3.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"
#include "upstream/github_contents.hpp"

namespace slipway {
namespace {

/// Repositories that one look reads: each takes up to six reads at GitHub, and three at Cloudflare
/// for every account.
constexpr size_t repositories_a_look = 5;
/// Cloudflare takes 1200 calls in five minutes: at this pace they are never all spent.
constexpr int64_t cloudflare_read_ms = 300;
constexpr std::string_view reason = "imported";

Outcome later(Run& run, ImportRow& row, int64_t wait) {
  run.draft().look_at(row, run.now_ms() + wait);
  return run.done();
}

Outcome stop(Run& run, ImportRow& row, Failure why) {
  run.draft().record(row, ImportStopped{std::move(why)});
  run.draft().settle(row);
  return run.done();
}

Outcome give_way(Run& run, ImportRow& row, const ImportPace& pace) {
  if (pace.failure) return stop(run, row, *pace.failure);
  return later(run, row, pace.wait_ms.value_or(0));
}

Outcome list_page(Run& run, ImportRow& row) {
  const Answer* page = run.ask("look:repositories",
                               by_reader(run, github::list_repositories(row.owner, row.next_page)));
  if (page == nullptr) return run.need();
  ImportPace pace;
  if (!pace.admits(run, *page)) return give_way(run, row, pace);
  const auto found = run.read_answer<std::vector<github::Repository>>(*page);
  if (classify(*page) == Verdict::ok && !found && !page->truncated) {
    pace.garbled();
    return give_way(run, row, pace);
  }
  if (classify(*page) != Verdict::ok || !found) {
    return stop(run, row,
                failure(ErrorCode::repository_unknown,
                        concat("the repositories of ", row.owner, ": ", in_words(*page))));
  }
  ImportListed listed;
  for (const github::Repository& repository : *found) {
    const std::string_view name = repository.name;
    if (name.starts_with(row.prefix) && name.ends_with(row.suffix)) {
      listed.repositories.emplace_back(name);
    }
  }
  listed.next_page = github::has_next_page(*page) ? row.next_page + 1 : 0;
  run.draft().record(row, listed);
  return later(run, row, pace.rest_ms);
}

/// The platform, its configuration and its sites, which stay what they are at Cloudflare.
void create_platform(Run& run, const ImportRow& row, ReadRepository& read,
                     std::vector<AccountRow>& accounts) {
  Draft& draft = run.draft();
  const std::string& id = present(read.item.platform_id);
  PlatformRow platform;
  platform.platform_id = id;
  const std::string digest = blake3_hex(concat("import/", read.item.repository));
  draft.record(platform, PlatformCreated{id, id, read.item.environments, digest, row.id,
                                         run.caller().author});
  store_config(run, platform, *std::move(read.config),
               concat("imported from ", read.item.repository));
  for (const Environment environment : read.item.environments) {
    SiteRow site;
    site.platform_id = id;
    site.environment = environment;
    for (AccountRow& account : accounts) {
      if (account.name == read.account) take_place(run, account, site);
    }
    draft.record(site, SiteImported{id, environment, read.account, platform.config_version,
                                    std::string(run.setting("SHELL_SHA")), std::string(reason)});
    MigrationRow migration;
    draft.record(migration, MigrationOpened{id, environment, read.account, read.item.repository});
  }
}

/// Two names of one import may give one platform; the second is told so.
void keep_first(std::vector<ReadRepository>& all) {
  for (size_t i = 1; i < all.size(); ++i) {
    const auto before = all.begin() + static_cast<long>(i);
    const bool twice = std::any_of(all.begin(), before, [&](const ReadRepository& other) {
      return other.config && other.item.platform_id == all[i].item.platform_id;
    });
    if (!twice || !all[i].config) continue;
    all[i].config.reset();
    all[i].item.outcome = ImportOutcome::refused;
    all[i].item.notes = {failure(ErrorCode::platform_exists, present(all[i].item.platform_id))};
  }
}

Outcome read_next(Run& run, ImportRow& row) {
  auto accounts = run.query<AccountRow>("accounts", {});
  // What was removed here has no place for a site; its projects are nobody's.
  std::erase_if(accounts,
                [](const AccountRow& account) { return account.state == AccountState::removed; });
  // After a look that brought nothing one alone: however tight a limit is, that gets done.
  const auto effect = run.query<EffectRow>("effect", {aggregate_of(row)});
  const bool stuck = !effect.empty() && effect[0].attempts > 0;
  const size_t count = std::min(stuck ? size_t{1} : repositories_a_look, row.pending.size());
  for (size_t i = 0; i < count; ++i) ask_for_platform(run, row, row.pending[i]);
  if (run.incomplete()) return run.need();
  ImportPace pace;
  std::vector<ReadRepository> all;
  bool whole = true;
  for (size_t i = 0; i < count; ++i) {
    auto one = read_repository(run, row, row.pending[i], accounts, pace);
    whole = whole && one.has_value();
    if (whole) all.push_back(*std::move(one));
  }
  // Under a limit the first ones are stored all the same, so that every look gets further.
  if (pace.blocked() && all.empty()) return give_way(run, row, pace);
  if (run.incomplete() && !pace.blocked()) return run.need();

  keep_first(all);
  ImportRead done;
  for (ReadRepository& one : all) {
    one.item.number = row.read + done.imported + done.existing + done.refused + 1;
    if (one.item.outcome == ImportOutcome::imported) ++done.imported;
    if (one.item.outcome == ImportOutcome::existing) ++done.existing;
    if (one.item.outcome == ImportOutcome::refused) ++done.refused;
    if (one.config && !row.dry_run) create_platform(run, row, one, accounts);
    run.draft().insert(one.item);
  }
  const int64_t asked =
      row.environments.empty() ? static_cast<int64_t>(all.size() * accounts.size()) * 3 : 0;
  run.draft().record(row, done);
  return later(run, row,
               std::max({asked * cloudflare_read_ms, pace.rest_ms, pace.wait_ms.value_or(0)}));
}

}  // namespace

Outcome look_at_import(Run& run, std::string_view id) {
  const bool due = is_due(run, concat("import:", id));
  auto row = run.row<ImportRow>("import", id);
  if (run.incomplete()) return run.need();
  if (!due || !row) return run.done();
  if (row->state != ImportState::running) {
    run.draft().settle(*row);
    return run.done();
  }
  Caller author;
  author.author = row->author;
  run.set_caller(std::move(author));
  if (!run.has_credential("github")) {
    return stop(run, *row, failure(ErrorCode::credential_missing, "github"));
  }
  if (!row->pending.empty()) return read_next(run, *row);
  if (row->next_page > 0) return list_page(run, *row);
  run.draft().record(*row, ImportFinished{row->read});
  run.draft().settle(*row);
  return run.done();
}

}  // namespace slipway
