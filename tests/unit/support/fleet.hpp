// Many sites at once: rows and journals as their events make them, without the calls in between.
#pragma once

#include <string>
#include <string_view>

#include "app/journal.hpp"
#include "support/stories.hpp"

namespace slipway::test {

/// Makes the event true of the site, now.
inline void happen(World& world, SiteRow& site, const SiteEvent& event) {
  apply(site, event, world.now_ms);
  const std::string aggregate = aggregate_of(site);
  world.stored.journal[aggregate].push_back(
      {aggregate, site.seq, world.now_ms, journal_format, Raw{to_json(event)}});
  world.stored.put("site", site_id(site.platform_id, site.environment), site);
}

/// What a site of the fleet is asked for.
struct Wanted {
  Environment environment = Environment::dev;
  std::string account = "main";
  std::string shell_sha = {};
  bool interactive = false;
};

/// A ready site of the platform that waits in its queue from now on.
inline SiteRow wait_in_queue(World& world, std::string_view platform, const Wanted& wanted = {}) {
  SiteRow site;
  happen(world, site,
         SitePlanned{std::string(platform), wanted.environment, wanted.account, 1, wanted.shell_sha,
                     "created"});
  happen(world, site, ProjectReady{concat(platform, ".pages.dev"), false});
  if (wanted.interactive) {
    happen(world, site, DesiredChanged{1, wanted.shell_sha, "asked", world.now_ms, true});
  }
  return site;
}

/// The names `p000`, `p001` and so on sort as they are counted.
[[nodiscard]] inline std::string numbered(int64_t number) {
  const std::string digits = to_text(1'000 + number);
  return "p" + digits.substr(1);
}

/// So many of them.
inline void fill_queue(World& world, int64_t sites, const Wanted& wanted = {}) {
  for (int64_t i = 0; i < sites; ++i) (void)wait_in_queue(world, numbered(i), wanted);
}

/// An account whose calls are this owner's.
inline void open_account(World& world, std::string_view name = "main",
                         std::string_view owner = "shared") {
  AccountRow account;
  const AccountRegistered event{
      std::string(name), "0123456789abcdef0123456789abcdef", 100, {}, std::string(owner)};
  apply(account, event, world.now_ms);
  const std::string aggregate = concat("account:", name);
  world.stored.journal[aggregate].push_back(
      {aggregate, account.seq, world.now_ms, journal_format, Raw{to_json(AccountEvent(event))}});
  world.stored.put("account", std::string(name), account);
}

/// The configuration version of a platform is imported TypeScript.
inline void make_raw(World& world, std::string_view platform, int64_t version = 1) {
  ConfigVersionRow row;
  row.platform_id = platform;
  row.version = version;
  row.opaque = "raw";
  world.stored.put("config_version", config_version_id(platform, version), row);
}

/// The account's queue is to be looked at.
inline void promise_queue(World& world, const std::string& account = "main") {
  const std::string key = "queue:" + account;
  const int64_t seq = world.stored.outbox[key].seq;
  world.stored.outbox[key] = {key, seq + 1, world.now_ms, std::nullopt};
}

[[nodiscard]] inline SiteRow site_of(World& world, std::string_view platform,
                                     Environment environment = Environment::dev) {
  return world.stored.get<SiteRow>("site", site_id(platform, environment));
}

[[nodiscard]] inline BatchRow batch_with(World& world, const SiteRow& site) {
  REQUIRE(site.active.has_value());
  return world.stored.get<BatchRow>("batch", site.active->batch_id);
}

/// One batch of these sites is at GitHub, as run 42.
inline BatchRow dispatch_fleet(World& world) {
  promise_queue(world);
  (void)world.perform(std::string(main_queue));
  world.answers["act:dispatch"] = {
      .body = concat(R"({"workflow_run_id":42,"html_url":")", run_url, R"("})")};
  (void)world.perform(batch_key(world));
  REQUIRE(batch_of(world).state == BatchState::dispatched);
  return batch_of(world);
}

/// A claim of one shard of the newest batch.
[[nodiscard]] inline Call claim_shard(World& world, int64_t shard, std::string_view run_id = "42") {
  Call call = claim(world, run_id);
  call.body.insert(1, concat(R"("shard":)", to_text(shard), ","));
  return call;
}

/// A report of run 42 that this deployment is uploaded.
[[nodiscard]] inline std::string uploaded_json(std::string_view deployment_id) {
  return concat(R"({"deploymentId":")", deployment_id, "\",", uploaded_result, "}");
}

}  // namespace slipway::test
