#include <doctest/doctest.h>

#include "app/operation_view.hpp"
#include "app/storage_names.hpp"
#include "support/fleet.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

Ended watch(World& world) { return world.tick("watch_runs"); }

std::string run_json(int64_t id, std::string_view title, std::string_view status,
                     std::string_view conclusion = "") {
  const std::string quoted = conclusion.empty() ? "null" : concat("\"", conclusion, "\"");
  return concat(R"({"id":)", to_text(id), R"(,"display_title":")", title, R"(","status":")", status,
                R"(","conclusion":)", quoted, R"(,"html_url":"u)", to_text(id), "\"}");
}

Scripted list(const std::vector<std::string>& runs, std::string_view etag = "\"one\"") {
  std::string all;
  for (const std::string& run : runs) all.append(all.empty() ? "" : ",").append(run);
  return {.body = concat(R"({"total_count":9,"workflow_runs":[)", all, "]}"),
          .headers = {{"etag", std::string(etag)}}};
}

std::string header(const Sent& sent, std::string_view name) {
  for (const auto& [key, value] : sent.request.headers.members) {
    if (key == name) return value;
  }
  return {};
}

int64_t lists(World& world) {
  int64_t count = 0;
  for (const Sent& sent : world.sent) count += sent.key == "look:runs" ? 1 : 0;
  return count;
}

std::string title_of(World& world) { return *batch_of(world).dispatch_key + " dev main"; }

/// The dispatch's answer was lost.
World unknown() {
  World world;
  make_ready(world);
  world.answers["act:dispatch"] = lost();
  (void)world.perform(batch_key(world));
  REQUIRE(batch_of(world).state == BatchState::unknown);
  return world;
}

}  // namespace

TEST_CASE("nothing is asked while no batch waits for a run") {
  World empty;
  CHECK_FALSE(watch(empty).committed);
  World planned;
  make_ready(planned);
  CHECK_FALSE(watch(planned).committed);
  World closed;
  make_uploaded(closed);
  (void)closed.perform(batch_key(closed));
  REQUIRE(batch_of(closed).state == BatchState::closed);
  CHECK_FALSE(watch(closed).committed);
  for (World* world : {&empty, &planned, &closed}) CHECK(lists(*world) == 0);
}

TEST_CASE("nothing is asked without GitHub, for runners of another kind, of newer storage") {
  World poor;
  make_claimed(poor);
  poor.credentials = {"cloudflare:main"};
  World other;
  make_claimed(other);
  other.settings.members.emplace_back("BUILDER_WAKE", "none");
  World newer;
  make_claimed(newer);
  newer.stored.put("upkeep", "schema", StorageLevelRow{storage_level + 1});
  for (World* world : {&poor, &other, &newer}) {
    CHECK_FALSE(watch(*world).committed);
    CHECK(lists(*world) == 0);
  }
}

TEST_CASE("one list serves all batches that are open") {
  World world;
  open_account(world);
  world.answers["act:dispatch"] = {.body = R"({"workflow_run_id":1,"html_url":"u"})"};
  std::vector<std::string> ids;
  for (int64_t i = 1; i <= 3; ++i) {
    (void)wait_in_queue(world, numbered(i), {.shell_sha = numbered(i)});
    promise_queue(world);
    (void)world.perform(std::string(main_queue));
    world.answers["act:dispatch"].body =
        concat(R"({"workflow_run_id":)", to_text(i), R"(,"html_url":"u"})");
    (void)world.perform(batch_key(world));
    ids.push_back(batch_of(world).id);
    world.now_ms += 10'000;
  }
  world.answers["look:runs"] =
      list({run_json(3, "x", "completed", "success"), run_json(2, "x", "in_progress"),
            run_json(1, "x", "completed", "failure")});
  (void)watch(world);
  CHECK(lists(world) == 1);
  CHECK(world.stored.get<BatchRow>("batch", ids[0]).run_ended == "failure");
  CHECK_FALSE(world.stored.get<BatchRow>("batch", ids[1]).run_ended.has_value());
  CHECK(world.stored.get<BatchRow>("batch", ids[2]).run_ended == "success");
  CHECK(world.folds());
}

TEST_CASE("a run that has ended is written down, and its batch is looked at now") {
  World world;
  make_claimed(world);
  world.answers["look:runs"] = list({run_json(43, "other", "completed", "success"),
                                     run_json(42, title_of(world), "completed", "failure")});
  (void)watch(world);
  CHECK(batch_of(world).run_ended == "failure");
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) == 0);
  const int64_t seq = batch_of(world).seq;
  (void)watch(world);
  CHECK(batch_of(world).seq == seq);
  CHECK(world.folds());
}

TEST_CASE("a run under way is no news") {
  World world;
  make_claimed(world);
  const int64_t seq = batch_of(world).seq;
  for (const char* status : {"queued", "in_progress", "waiting"}) {
    world.answers["look:runs"] = list({run_json(42, title_of(world), status)});
    (void)watch(world);
    CHECK(batch_of(world).seq == seq);
    CHECK(world.stored.due_in(batch_key(world), world.now_ms) == limits::batch_look_ms);
  }
}

TEST_CASE("the list is asked for with its ETag; unchanged, it changes nothing") {
  World world;
  make_claimed(world);
  world.answers["look:runs"] = list({});
  (void)watch(world);
  CHECK(header(*world.last_sent("look:runs"), "if-none-match").empty());
  world.answers["look:runs"] = {.status = 304};
  CHECK_FALSE(watch(world).committed);
  CHECK(header(*world.last_sent("look:runs"), "if-none-match") == "\"one\"");
  // After an unchanged list the ETag holds still.
  (void)watch(world);
  CHECK(header(*world.last_sent("look:runs"), "if-none-match") == "\"one\"");
}

TEST_CASE("the list begins at a whole hour; an ETag is of that list alone") {
  World world;
  make_claimed(world);
  world.answers["look:runs"] = list({});
  (void)watch(world);
  CHECK(world.last_sent("look:runs")->request.path.ends_with("%3A00%3A00Z"));
  BatchRow batch = batch_of(world);
  batch.floor_ms -= 3'600'000;
  batch.open->floor_ms = batch.floor_ms;
  world.stored.put("batch", batch.id, batch);
  (void)watch(world);
  CHECK(header(*world.last_sent("look:runs"), "if-none-match").empty());
}

TEST_CASE("an answer that says nothing changes nothing; a limit stops the ledger for everyone") {
  World world;
  make_claimed(world);
  for (const Scripted& answer :
       {lost(), Scripted{.status = 500}, Scripted{.status = 404}, Scripted{.body = "<html>"}}) {
    world.answers["look:runs"] = answer;
    CHECK_FALSE(watch(world).committed);
  }
  world.answers["look:runs"] = {.status = 429, .headers = {{"retry-after", "90"}}};
  (void)watch(world);
  CHECK(ledger_of(world.stored.tables, "github").stopped_ms == world.now_ms + 90'000);
  const int64_t asked = lists(world);
  CHECK_FALSE(watch(world).committed);
  world.now_ms += 90'000;
  (void)watch(world);
  CHECK(lists(world) == asked + 1);
}

TEST_CASE("the run of a dispatch whose answer was lost is found by its key") {
  World world = unknown();
  world.answers["look:runs"] =
      list({run_json(41, "manual", "queued"), run_json(42, title_of(world), "queued")});
  (void)watch(world);
  CHECK(batch_of(world).state == BatchState::dispatched);
  CHECK(batch_of(world).run_id == "42");
  CHECK(batch_of(world).run_url == "u42");
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) == 0);
  CHECK(world.folds());
}

TEST_CASE("found when it has ended already, both are written down") {
  World world = unknown();
  world.answers["look:runs"] = list({run_json(42, title_of(world), "completed", "cancelled")});
  (void)watch(world);
  CHECK(batch_of(world).run_ended == "cancelled");
  CHECK(world.stored.events(batch_key(world)).ends_with("batch_dispatched batch_run_seen"));
  CHECK(world.folds());
}

TEST_CASE("two runs of one key: the oldest is ours, and it is written down once") {
  World world = unknown();
  const std::string title = title_of(world);
  world.answers["look:runs"] = list({run_json(90, title, "completed", "success"),
                                     run_json(42, title, "queued"), run_json(77, title, "queued")});
  (void)watch(world);
  CHECK(batch_of(world).run_id == "42");
  CHECK_FALSE(batch_of(world).run_ended.has_value());
  CHECK(world.stored.events(batch_key(world)).ends_with("batch_dispatch_unknown batch_dispatched"));
  CHECK(world.folds());
}

TEST_CASE("a batch that was closed since the list was asked for stays closed") {
  World world;
  make_claimed(world);
  const std::string title = title_of(world);
  world.answers["look:runs"] = list({run_json(42, title, "completed", "success")});
  world.before_read = [&](const NeedDocument& need) {
    if (need.key != "look:runs") return;
    BatchRow batch = batch_of(world);
    apply(batch, BatchClosed{}, world.now_ms);
    world.stored.put("batch", batch.id, batch);
  };
  (void)watch(world);
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK_FALSE(batch_of(world).run_ended.has_value());
}
