// GET /readyz: whether the instance can do its work. Open to everyone, so that it names conditions
// and says nothing of tenants, accounts or figures.
#include <algorithm>

#include "app/operations.hpp"
#include "app/readiness.hpp"
#include "app/storage_names.hpp"

namespace slipway {
namespace {

bool is_configured(const Run& run) {
  constexpr std::string_view needed[] = {
      "CF_ACCOUNT_NAME",           "CF_ACCOUNT_ID",           "GITHUB_OWNER",
      "GITHUB_BUILDER_REPOSITORY", "GITHUB_BUILDER_WORKFLOW", "GITHUB_BUILDER_REF"};
  return std::all_of(std::begin(needed), std::end(needed),
                     [&](std::string_view name) { return !run.setting(name).empty(); });
}

}  // namespace

Readiness read_readiness(Run& run, int64_t count) {
  Readiness facts;
  facts.level = run.row<StorageLevelRow>("upkeep", "schema").value_or(StorageLevelRow{});
  facts.cron = run.row<CronRow>("upkeep", "cron");
  facts.overdue = run.query<EffectRow>("effects_due", {number(run.now_ms()), number(count)});
  facts.dead_letters =
      run.query<DeadLetterRow>("dead_letters_after", {std::string(), number(count)});
  return facts;
}

std::vector<CheckView> checks_of(const Run& run, const Readiness& facts) {
  const int64_t now_ms = run.now_ms();
  const bool late = !facts.overdue.empty() &&
                    now_ms - present(facts.overdue[0].due_at_ms) > limits::ready_overdue_ms;
  return {
      {"storage", facts.level.level == storage_level},
      {"configuration", is_configured(run)},
      {"github", run.has_credential("github")},
      {"cloudflare", run.has_credential_of("cloudflare:")},
      {"cron", facts.cron && now_ms - facts.cron->at_ms <= limits::ready_cron_ms},
      {"effects", !late},
      {"dead_letters", facts.dead_letters.empty()},
  };
}

Outcome readyz(Run& run) {
  const Readiness facts = read_readiness(run, 1);
  if (run.incomplete()) return run.need();
  ReadyView view;
  view.checks = checks_of(run, facts);
  view.ready = std::all_of(view.checks.begin(), view.checks.end(),
                           [](const CheckView& check) { return check.ok; });
  return run.reply(view.ready ? 200 : 503, to_json(view));
}

}  // namespace slipway
