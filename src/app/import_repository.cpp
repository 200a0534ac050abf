#include "app/import_repository.hpp"

#include <algorithm>
#include <array>

#include "app/at_pages.hpp"
#include "base/text.hpp"
#include "domain/config_import.hpp"
#include "domain/ledger.hpp"
#include "domain/migration.hpp"
#include "upstream/classify.hpp"
#include "upstream/github_contents.hpp"
#include "upstream/pages_git.hpp"

namespace slipway {
namespace {

constexpr std::array<std::string_view, 3> documents = {"features", "env", "auth"};
/// Where Phase 1 keeps the configuration, in the order in which the folders are tried.
constexpr std::array<std::string_view, 2> folders = {"src/config", ""};
constexpr int64_t unclear_pause_ms = 5'000;
/// The most reads of one repository at GitHub: itself, its folders, its files.
constexpr int64_t github_reads = 1 + folders.size() + documents.size();
/// Accounts whose projects are read in one turn, one read for each environment.
constexpr int64_t reads_an_account = 3;
constexpr int64_t accounts_a_turn =
    (cloudflare_budget.burst - cloudflare_budget.reserve) / reads_an_account;
static_assert(github_reads <= github_budget.burst - github_budget.reserve);
constexpr int64_t hour_ms = 3'600'000;
/// What is left of GitHub's hourly budget for others, above all for starting builders.
constexpr int64_t github_reserve = 100;

std::string file_of(std::string_view document) { return concat(document, ".config.ts"); }

std::string path_in(std::string_view folder, std::string_view document) {
  return folder.empty() ? file_of(document) : concat(folder, "/", file_of(document));
}

/// What the builder gets for a file that is missing.
std::string empty_source(std::string_view document) {
  const std::string_view value = document == "features" ? "{ features: {} }"
                                 : document == "auth"   ? "{ provider: 'none' }"
                                                        : "{}";
  return concat("export const ", document, "Config = ", value, ";\n");
}

/// How long to leave GitHub alone after this answer; 0 where enough of its budget is left.
int64_t rest_after(const Run& run, const Answer& answer) {
  const auto left = to_number(answer.header("x-ratelimit-remaining").value_or(""));
  const auto reset_s = to_number(answer.header("x-ratelimit-reset").value_or(""));
  if (!left || !reset_s || *left >= github_reserve) return 0;
  return std::clamp<int64_t>(*reset_s * 1000 - run.now_ms(), 0, hour_ms);
}

/// One repository while it is read.
struct Reading {
  Run& run;
  const ImportRow& row;
  const std::string& name;
  ImportPace& pace;
  ReadRepository out = {};
  bool waits = false;  ///< something of this repository is not known yet

  void note(ErrorCode code, std::string detail) {
    out.item.notes.push_back(failure(code, std::move(detail)));
  }
  ReadRepository refuse(ErrorCode code, std::string detail) {
    note(code, std::move(detail));
    out.item.outcome = ImportOutcome::refused;
    out.config.reset();
    return std::move(out);
  }
  /// Whether the calls are spent: all of them or none. A look that got some of its calls and not
  /// the others would spend them in vain, and many such looks would keep each other from an end.
  bool take_turn(std::string_view what, const Spending& spending) {
    const FactDocument* turn = run.spend(concat("spend:", what, ":", name), spending);
    if (turn != nullptr && turn->outcome != FactOutcome::deferred) return true;
    if (turn != nullptr) pace.defer(turn->wait_ms);
    waits = true;
    return false;
  }
  /// Asks, within a turn, and judges: the answer where it says something, else nothing.
  const Answer* ask(const std::string& key, Request request) {
    if (request.spending) request.spending->units = 0;
    const Answer* answer = run.ask(key, request);
    if (answer != nullptr && pace.admits(run, *answer)) return answer;
    waits = true;
    return nullptr;
  }
  const Answer* ask_github(std::string_view what, Request request) {
    return ask(concat("look:", what, ":", name), by_reader(run, std::move(request)));
  }
  /// Whether an answer of 2xx has not the body that it should have; then it is asked again later.
  /// One that is longer than we read is so for good.
  bool is_garbled(const Answer& answer, bool read) {
    if (read || answer.truncated || classify(answer) != Verdict::ok) return false;
    waits = true;
    pace.garbled();
    return true;
  }
};

bool is_read(const Run& run, const AccountRow& account) {
  return run.has_credential(concat("cloudflare:", account.name));
}

/// The calls that reading the repository takes, of every budget.
bool take_turns(Reading& reading, const std::vector<AccountRow>& accounts) {
  if (!reading.take_turn("github", {std::string(github_ledger), github_budget, github_reads})) {
    return false;
  }
  if (!reading.row.environments.empty()) return true;
  std::vector<std::pair<std::string, int64_t>> ledgers;
  for (const AccountRow& account : accounts) {
    if (!is_read(reading.run, account)) continue;
    const std::string ledger = cloudflare_ledger(account.rate_owner);
    const auto open = std::find_if(ledgers.begin(), ledgers.end(), [&](const auto& one) {
      return one.first == ledger && one.second < accounts_a_turn;
    });
    if (open == ledgers.end())
      ledgers.emplace_back(ledger, 1);
    else
      ++open->second;
  }
  for (size_t i = 0; i < ledgers.size(); ++i) {
    const auto& [ledger, count] = ledgers[i];
    const Spending spending = {ledger, cloudflare_budget, count * reads_an_account};
    if (!reading.take_turn(concat(ledger, ":", to_text(static_cast<int64_t>(i))), spending)) {
      return false;
    }
  }
  return true;
}

/// The folder with the most configuration files, and which of them it has.
struct Folder {
  std::string_view path;
  std::array<bool, documents.size()> has = {};
  [[nodiscard]] int64_t count() const { return std::count(has.begin(), has.end(), true); }
};

std::optional<Folder> find_folder(Reading& reading) {
  Folder best;
  for (const std::string_view path : folders) {
    const Answer* listed = reading.ask_github(
        concat("folder:", path), github::list_folder(reading.row.owner, reading.name, path));
    if (listed == nullptr) return std::nullopt;
    Folder folder;
    folder.path = path;
    const auto entries = reading.run.read_answer<std::vector<github::Entry>>(*listed);
    // One object is what GitHub tells of a file or a link of that name: no folder.
    const bool is_one = !entries && reading.run.read_answer<github::Entry>(*listed);
    if (reading.is_garbled(*listed, entries || is_one)) return std::nullopt;
    if (listed->truncated) {
      reading.note(ErrorCode::config_file_unreadable, concat("/", path, ": its list is too long"));
    }
    for (size_t i = 0; entries && i < documents.size(); ++i) {
      folder.has[i] = std::any_of(entries->begin(), entries->end(), [&](const github::Entry& e) {
        return e.type == "file" && e.name == file_of(documents[i]);
      });
    }
    if (folder.count() > best.count()) best = folder;
    if (best.count() > 0) break;
  }
  return best;
}

/// Whether the text is UTF-8 that JSON can carry.
bool is_text(JsonReader& reader, std::string_view bytes) {
  std::string json = "[";
  append_json_string(json, bytes);
  json.push_back(']');
  std::vector<std::string> read;
  const PaddedText padded(json);
  return reader.read(padded.view(), Strictness::strict, read).ok();
}

/// The three sources. Nothing while they are not known; empty ones stand for what is missing.
std::optional<RenderedConfig> read_files(Reading& reading, const Folder& folder, bool& unreadable) {
  RenderedConfig sources;
  const std::array<std::string*, 3> texts = {&sources.features, &sources.env, &sources.auth};
  for (size_t i = 0; i < documents.size(); ++i) {
    const std::string path = path_in(folder.path, documents[i]);
    if (!folder.has[i]) {
      *texts[i] = empty_source(documents[i]);
      continue;
    }
    const Answer* file = reading.ask_github(concat("file:", path),
                                            github::get_raw(reading.row.owner, reading.name, path));
    if (file == nullptr) continue;
    const bool gone = classify(*file) != Verdict::ok;
    if (gone || file->truncated || !is_text(reading.run.reader(), file->body.text)) {
      unreadable = true;
      reading.note(ErrorCode::config_file_unreadable, concat(path, ": ", in_words(*file)));
    } else {
      *texts[i] = std::string(file->body.text);
    }
  }
  if (reading.waits) return std::nullopt;
  for (size_t i = 0; i < documents.size(); ++i) {
    if (!folder.has[i]) {
      reading.note(ErrorCode::config_file_missing, path_in(folder.path, documents[i]));
    }
  }
  return sources;
}

/// The environments that have a project connected to the repository; all in one account.
std::vector<Environment> find_projects(Reading& reading, const std::string& platform_id,
                                       const std::vector<AccountRow>& accounts) {
  std::vector<Environment> found;
  for (const AccountRow& account : accounts) {
    if (!is_read(reading.run, account)) continue;
    for (const Environment environment : {Environment::dev, Environment::stg, Environment::prod}) {
      const std::string project = project_name(platform_id, environment);
      const Answer* look = reading.ask(concat("look:project:", account.name, ":", project),
                                       pages::get_project(account_at(account), project));
      if (look == nullptr || classify(*look) != Verdict::ok) continue;
      const auto envelope = read_project<pages::ConnectedEnvelope>(reading.run, *look, project);
      if (reading.is_garbled(*look, envelope.has_value())) continue;
      const bool ours = envelope && envelope->result.source.type &&
                        envelope->result.source.config.repo_name == reading.name;
      if (!ours || (!found.empty() && reading.out.account != account.name)) continue;
      reading.out.account = account.name;
      found.push_back(environment);
    }
  }
  return found;
}

/// The platform is there already: made by an import of this repository, or by somebody else.
ReadRepository existing(Reading& reading, const PlatformRow& platform, bool same_repository) {
  reading.out.item.outcome = same_repository ? ImportOutcome::existing : ImportOutcome::refused;
  reading.out.item.environments = platform.environments;
  if (!same_repository) {
    reading.note(ErrorCode::platform_exists, platform.platform_id);
  }
  return std::move(reading.out);
}

bool was_imported_from(Run& run, const PlatformRow& platform, const std::string& repository) {
  bool same = false;
  for (const Environment environment : platform.environments) {
    const auto row = run.row<MigrationRow>("migration", site_id(platform.platform_id, environment));
    if (row && row->repository == repository) same = true;
  }
  return same;
}

/// Reads the files of a repository that GitHub shows.
std::optional<ReadRepository> read_content(Reading& reading, const PlatformId& id,
                                           const std::vector<AccountRow>& accounts) {
  const auto folder = find_folder(reading);
  auto found = reading.row.environments;
  if (found.empty()) {
    found = find_projects(reading, id.text, accounts);
  } else {
    reading.out.account = std::string(reading.run.setting("CF_ACCOUNT_NAME"));
  }
  if (!folder || reading.waits) return std::nullopt;
  if (folder->count() == 0) return reading.refuse(ErrorCode::config_file_missing, "all three");
  bool unreadable = false;
  auto sources = read_files(reading, *folder, unreadable);
  if (!sources) return std::nullopt;
  if (unreadable) {
    reading.out.item.outcome = ImportOutcome::refused;
    return std::move(reading.out);
  }
  const auto secrets = source_issues(*sources);
  for (const Issue& issue : secrets) {
    reading.note(ErrorCode::config_invalid, concat(issue.pointer, ": ", issue.detail));
  }
  if (!secrets.empty()) {
    reading.out.item.outcome = ImportOutcome::refused;
    return std::move(reading.out);
  }
  if (found.empty()) return reading.refuse(ErrorCode::import_no_project, id.text);
  auto read = read_sources(reading.run.reader(), *sources);
  if (read.opaque) reading.note(ErrorCode::config_opaque, *read.opaque);
  reading.out.item.config = read.opaque ? "opaque" : "structured";
  reading.out.item.environments = std::move(found);
  reading.out.config = prepare(*std::move(sources), std::move(read));
  return std::move(reading.out);
}

}  // namespace

void ImportPace::garbled() { defer(unclear_pause_ms); }

void ImportPace::defer(int64_t ms) {
  wait_ms = std::max({wait_ms.value_or(0), ms, limits::turn_wait_ms_min});
}

bool ImportPace::admits(Run& run, const Answer& answer) {
  rest_ms = std::max(rest_ms, rest_after(run, answer));
  switch (classify(answer)) {
    case Verdict::ok:
      return true;
    case Verdict::retry_after:
      wait_ms = slipway::wait_ms(answer, run.now_ms());
      return false;
    case Verdict::unknown:
      garbled();
      return false;
    case Verdict::rejected:
      break;
  }
  const auto refusal = run.read_answer<github::Refusal>(answer);
  if (refusal && github::is_limit(*refusal)) {
    wait_ms = slipway::wait_ms(answer, run.now_ms());
    return false;
  }
  if (answer.status != 401 && answer.status != 403) return true;
  failure = slipway::failure(ErrorCode::permission_missing, in_words(answer));
  return false;
}

void ask_for_platform(Run& run, const ImportRow& row, const std::string& name) {
  const auto id = platform_id_of(name, row.suffix);
  if (!id) return;
  (void)run.row<PlatformRow>("platform", *id);
  for (const Environment environment : {Environment::dev, Environment::stg, Environment::prod}) {
    (void)run.row<MigrationRow>("migration", site_id(*id, environment));
  }
}

std::optional<ReadRepository> read_repository(Run& run, const ImportRow& row,
                                              const std::string& name,
                                              const std::vector<AccountRow>& accounts,
                                              ImportPace& pace) {
  Reading reading{run, row, name, pace};
  reading.out.item.import_id = row.id;
  reading.out.item.repository = concat(row.owner, "/", name);
  auto id = platform_id_of(name, row.suffix);
  if (!id) return reading.refuse(ErrorCode::repository_name, name);
  reading.out.item.platform_id = id;
  const auto platform = run.row<PlatformRow>("platform", *id);
  if (platform) {
    const bool same = was_imported_from(run, *platform, reading.out.item.repository);
    return existing(reading, *platform, same);
  }
  if (!take_turns(reading, accounts)) return std::nullopt;
  const Answer* shown = reading.ask_github("repository", github::get_repository(row.owner, name));
  if (shown == nullptr) return std::nullopt;
  const auto repository = run.read_answer<github::Repository>(*shown);
  if (reading.is_garbled(*shown, repository.has_value())) return std::nullopt;
  if (classify(*shown) != Verdict::ok || !repository) {
    return reading.refuse(ErrorCode::repository_unknown, in_words(*shown));
  }
  if (repository->archived) reading.note(ErrorCode::repository_archived, name);
  return read_content(reading, {*std::move(id)}, accounts);
}

}  // namespace slipway
