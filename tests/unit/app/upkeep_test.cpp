#include <doctest/doctest.h>

#include "app/dead_letter.hpp"
#include "app/journal.hpp"
#include "app/retention.hpp"
#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

constexpr std::string_view prune_site = "prune:acme/dev";

/// A page of deployments at Pages; each of `rest` are further members of one.
Scripted deployments_at_pages(const std::vector<std::string>& ids, std::string_view rest = "") {
  std::string list;
  for (const std::string& id : ids) {
    list.append(list.empty() ? "" : ",").append(concat(R"({"id":")", id, "\"", rest, "}"));
  }
  return {.body = concat(R"({"success":true,"errors":[],"messages":[],"result":[)", list, "]}")};
}

Scripted deleted() {
  return {.body = R"({"success":true,"errors":[],"messages":[],"result":null})"};
}

/// `acme/dev` is ready, and its old deployments are to be deleted.
void make_prunable(World& world) {
  make_ready(world);
  world.stored.outbox.clear();
  world.stored.outbox[std::string(prune_site)] = {std::string(prune_site), 1, world.now_ms, {}};
}

}  // namespace

TEST_CASE("old Pages deployments are deleted a few at a time, the oldest first") {
  World world;
  make_prunable(world);
  world.answers["look:old_deployments"] =
      deployments_at_pages({"d7", "d6", "d5", "d4", "d3", "d2", "d1"});
  for (const char* id : {"d1", "d2", "d3", "d4", "d5"}) {
    world.answers[concat("act:delete_deployment:", id)] = deleted();
  }
  (void)world.perform(std::string(prune_site));
  REQUIRE(world.last_sent("look:old_deployments") != nullptr);
  const std::string base =
      "/accounts/0123456789abcdef0123456789abcdef/pages/projects/acme-dev-portal/deployments";
  CHECK(world.last_sent("look:old_deployments")->request.path ==
        base + "?env=production&page=3&per_page=25");
  REQUIRE(world.last_sent("act:delete_deployment:d1") != nullptr);
  CHECK(world.last_sent("act:delete_deployment:d1")->request.method == "DELETE");
  CHECK(world.last_sent("act:delete_deployment:d1")->request.path == base + "/d1");
  CHECK(world.acts() == 5 + 1);
  CHECK(world.stored.due_in(std::string(prune_site), world.now_ms) == limits::prune_pause_ms);
}

TEST_CASE("a deployment with an alias is never deleted; nothing left to do settles") {
  World world;
  make_prunable(world);
  world.answers["look:old_deployments"] =
      deployments_at_pages({"d1"}, R"(,"aliases":["https://x.pages.dev"])");
  const size_t before = world.acts();
  (void)world.perform(std::string(prune_site));
  CHECK(world.acts() == before);
  CHECK_FALSE(world.stored.due_in(std::string(prune_site), world.now_ms).has_value());
}

TEST_CASE("what Pages refuses to delete is left to it; a limit makes it wait") {
  World world;
  make_prunable(world);
  world.answers["look:old_deployments"] = deployments_at_pages({"d1"});
  world.answers["act:delete_deployment:d1"] = cloudflare_error(400, 8000034);
  (void)world.perform(std::string(prune_site));
  CHECK_FALSE(world.stored.due_in(std::string(prune_site), world.now_ms).has_value());

  make_prunable(world);
  world.answers["act:delete_deployment:d1"] = {.status = 429, .headers = {{"retry-after", "60"}}};
  (void)world.perform(std::string(prune_site));
  CHECK(world.stored.due_in(std::string(prune_site), world.now_ms) == 60'000);
}

TEST_CASE("the Worker ends after the intention: the next look finds what is left") {
  World world;
  make_prunable(world);
  world.answers["look:old_deployments"] = deployments_at_pages({"d1"});
  world.stop_after_commit = true;
  CHECK(world.perform(std::string(prune_site)).stopped);
  CHECK(world.stored.due_in(std::string(prune_site), world.now_ms) == limits::act_lease_ms);
  world.stop_after_commit = false;
  world.answers["act:delete_deployment:d1"] = deleted();
  (void)world.perform(std::string(prune_site));
  CHECK(world.last_sent("act:delete_deployment:d1") != nullptr);
}

TEST_CASE("a dead letter counts, and keeps a bounded part of the error") {
  World world;
  const std::string id = dead_letter_id("site:acme/dev");
  CHECK(id.size() == 29);
  CHECK(id != dead_letter_id("site:acme/prod"));
  world.bury("site:acme/dev", std::string(9'000, 'e'));
  world.now_ms += 5;
  world.bury("site:acme/dev", "another");
  const auto row = world.stored.get<DeadLetterRow>("dead_letter", id);
  CHECK(row.given_up == 2);
  CHECK(row.last_ms - row.first_ms == 5);
  CHECK(row.error == "another");
  world.bury("site:acme/prod", std::string(9'000, 'e'));
  const auto long_one =
      world.stored.get<DeadLetterRow>("dead_letter", dead_letter_id("site:acme/prod"));
  CHECK(long_one.error.size() == limits::dead_letter_error_bytes_max);
}

TEST_CASE("a journal that begins with a snapshot folds like the whole one") {
  World world;
  make_claimed(world);
  world.now_ms += 181 * limits::day_ms;
  for (int tick = 0; tick < 10; ++tick) (void)world.tick();
  const auto& entries = world.stored.journal["site:acme/dev"];
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].event.text.starts_with(R"({"type":"snapshot","row":{"seq":)"));
  CHECK(entries[0].format == journal_format);
  CHECK(world.folds());
}

TEST_CASE("a snapshot that is not the first entry, or not of its number, does not fold") {
  JsonReader reader;
  UpkeepRow row;
  row.seq = 4;
  const Raw event{concat(R"({"type":"snapshot","row":)", to_json(row), "}")};
  UpkeepRow folded;
  CHECK(fold_entry<UpkeepRow, UpkeepEvent>(reader, {4, 0, 2, event}, folded));
  CHECK(folded.seq == 4);
  CHECK_FALSE(fold_entry<UpkeepRow, UpkeepEvent>(reader, {5, 0, 2, event}, folded));
  UpkeepRow other;
  CHECK_FALSE(fold_entry<UpkeepRow, UpkeepEvent>(reader, {3, 0, 2, event}, other));
}

TEST_CASE("formats: older ones are upgraded, newer ones are seen") {
  CHECK(upgraded(1, R"({"type":"a"})") == R"({"type":"a"})");
  CHECK(upgraded(journal_format, "{}") == "{}");
  CHECK_FALSE(has_newer({{1, 0, 1, {}}, {2, 0, journal_format, {}}}));
  CHECK(has_newer({{1, 0, journal_format + 1, {}}}));
}
