#include <doctest/doctest.h>

#include "support/fleet.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

/// The key under which the uploads of the site's project are asked for.
std::string uploads_key(World& world) { return concat("look:uploads:", site_of(world).active->id); }

}  // namespace

TEST_CASE("an upload is recorded and its verification is due at once") {
  World world;
  make_claimed(world);
  const std::string digest(64, 'a');
  const Ended ended = world.call(report(
      world,
      concat(uploaded_result, R"(,"configEtag":"\"1-ab\"","manifestDigest":")", digest, "\"")));
  CHECK(ended.body == R"({"accepted":1})");
  const Deployment deployment = *site_of(world).active;
  CHECK(deployment.state == DeploymentState::uploaded);
  CHECK(deployment.pages_deployment_id == "pd1");
  CHECK(deployment.pages_url == "https://pd1.pages.dev");
  CHECK(deployment.config_etag == "\"1-ab\"");
  CHECK(deployment.manifest_digest == digest);
  CHECK(deployment.uploaded_ms == world.now_ms);
  CHECK(world.stored.due_in(std::string(site_key), world.now_ms) == 0);
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) == 0);
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(world.folds());
}

TEST_CASE("a repeated report is accepted and changes nothing, before and after the batch closed") {
  World world;
  make_uploaded(world);
  const Call again = report(world, uploaded_result);
  CHECK(world.call(again).body == R"({"accepted":0})");
  (void)world.perform(batch_key(world));
  const Ended late = world.call(again);
  CHECK(late.body == R"({"accepted":0})");
  CHECK_FALSE(late.committed);
  CHECK(world.call(report(world, R"("outcome":"failed","reason":"deploy_failed")")).body ==
        R"({"accepted":0})");
  CHECK(site_of(world).active->state == DeploymentState::uploaded);
}

TEST_CASE("building is accepted and is no news") {
  World world;
  make_claimed(world);
  const Ended ended = world.call(report(world, R"("outcome":"building")"));
  CHECK(ended.body == R"({"accepted":0})");
  CHECK_FALSE(ended.committed);
}

TEST_CASE("each reason of a failure becomes its error, with the log's end") {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"config_unavailable", "run.failed"},
      {"cancelled", "run.failed"},
      {"install_failed", "build.failed"},
      {"build_failed", "build.failed"},
      {"deploy_failed", "deploy.failed"}};
  for (const auto& [reason, code] : rows) {
    World world;
    make_claimed(world);
    world.answers[uploads_key(world)] = {.body = R"({"success":true,"result":[]})"};
    const std::string log = std::string(20'000, 'l') + "end";
    CHECK(world
              .call(report(world, concat(R"("outcome":"failed","reason":")", reason,
                                         R"(","logTail":")", log, "\"")))
              .body == R"({"accepted":1})");
    const Failure failure = *site_of(world).last->failure;
    CHECK(failure.code == code);
    CHECK(failure.detail == reason);
    CHECK(failure.log_tail->size() == 16 * 1024);
    CHECK(failure.log_tail->ends_with("lend"));
    CHECK_FALSE(failure.next.empty());
    CHECK(world.folds());
  }
}

TEST_CASE("a failed upload that is at Pages after all is an upload") {
  World world;
  make_claimed(world);
  const std::string id = site_of(world).active->id;
  world.answers[uploads_key(world)] = {
      .body = concat(
          R"({"success":true,"result":[{"id":"pd9","url":"https://pd9.pages.dev","latest_stage":)",
          R"({"name":"deploy","status":"success"},"deployment_trigger":{"metadata":)",
          R"({"commit_message":"Slipway )", id, R"( configuration 1"}}}]})")};
  const Ended ended = world.call(report(world, R"("outcome":"failed","reason":"deploy_failed")"));
  CHECK(ended.body == R"({"accepted":1})");
  CHECK(site_of(world).active->state == DeploymentState::uploaded);
  CHECK(site_of(world).active->pages_deployment_id == "pd9");
  CHECK(world.folds());
}

TEST_CASE("a failed upload is left to the end of the run where Pages does not answer") {
  for (const Scripted& answer :
       {lost(), Scripted{.status = 503}, Scripted{.status = 429}, Scripted{.body = "no json"}}) {
    World world;
    make_claimed(world);
    world.answers[uploads_key(world)] = answer;
    const Ended ended = world.call(report(world, R"("outcome":"failed","reason":"deploy_failed")"));
    CHECK(ended.body == R"({"accepted":0})");
    CHECK(site_of(world).active->state == DeploymentState::running);
  }
}

TEST_CASE("two results about one deployment in one call: the first counts") {
  World world;
  make_claimed(world);
  const std::string id = site_of(world).active->id;
  const Ended ended = world.call(
      report(world, concat(R"("outcome":"failed","reason":"build_failed"},{"deploymentId":")", id,
                           "\",", uploaded_result)));
  CHECK(ended.body == R"({"accepted":1})");
  CHECK(site_of(world).last->state == DeploymentState::failed);
}

TEST_CASE("a result after `building` about the same deployment counts") {
  World world;
  make_claimed(world);
  const std::string id = site_of(world).active->id;
  const Ended ended = world.call(report(
      world, concat(R"("outcome":"building"},{"deploymentId":")", id, "\",", uploaded_result)));
  CHECK(ended.body == R"({"accepted":1})");
  CHECK(site_of(world).active->state == DeploymentState::uploaded);
  CHECK(world.folds());
}

TEST_CASE("many repeated results in one call are one event") {
  World world;
  make_claimed(world);
  const std::string id = site_of(world).active->id;
  std::string many(uploaded_result);
  for (int i = 0; i < 9; ++i) {
    many.append(concat(R"(},{"deploymentId":")", id, "\",", uploaded_result));
  }
  CHECK(world.call(report(world, many)).body == R"({"accepted":1})");
  CHECK(world.stored.events(std::string(site_key)).ends_with("running deployment_uploaded"));
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) == 0);
  CHECK(world.folds());
}

TEST_CASE("the last report brings the look at the batch forward, those before do not") {
  World world;
  open_account(world);
  fill_queue(world, 4);
  const BatchRow batch = dispatch_fleet(world);
  REQUIRE(world.call(claim_shard(world, 0)).status == 200);
  const auto tell = [&](const std::string& results) {
    const Ended ended = world.call({.operation = "batch_report",
                                    .params = {{"batchId", batch.id}},
                                    .body = concat(R"({"runId":"42","results":[)", results, "]}"),
                                    .principal = PrincipalKind::internal});
    REQUIRE(ended.status == 200);
    return ended.body;
  };
  const auto id = [&](size_t member) { return batch.members[member].deployment_id; };
  world.now_ms += 1'000;
  const auto due = [&] { return world.stored.due_in(batch_key(world), world.now_ms); };
  CHECK(tell(uploaded_json(id(0))) == R"({"accepted":1})");
  CHECK(due() == limits::batch_look_ms - 1'000);
  CHECK(tell(concat(uploaded_json(id(0)), ",", uploaded_json(id(1)))) == R"({"accepted":1})");
  CHECK(due() == limits::batch_look_ms - 1'000);
  SiteRow cancelled = site_of(world, "p002");
  happen(world, cancelled, DeploymentCancelled{id(2), {}});
  CHECK(tell(concat(R"({"deploymentId":")", id(3),
                    R"(","outcome":"failed","reason":"build_failed"})")) == R"({"accepted":1})");
  CHECK(due() == 0);
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(tell(uploaded_json(id(1))) == R"({"accepted":0})");
  CHECK(world.folds());
}

TEST_CASE("a configuration that could not be had is no fault of the site: it is tried again") {
  World world;
  make_claimed(world);
  const std::string_view result = R"("outcome":"failed","reason":"config_unavailable")";
  CHECK(world.call(report(world, result)).body == R"({"accepted":1})");
  CHECK(site_of(world).last->again);
  CHECK(world.stored.due_in(std::string(site_key), world.now_ms) == 30'000);
  CHECK(site_of(world).queued.has_value());
  CHECK(world.folds());
}

TEST_CASE("results about deployments of others are no news") {
  World world;
  make_claimed(world);
  const Ended ended =
      world.call({.operation = "batch_report",
                  .params = {{"batchId", batch_of(world).id}},
                  .body = concat(R"({"runId":"42","results":[{"deploymentId":"dep_other",)",
                                 uploaded_result, "}]}"),
                  .principal = PrincipalKind::internal});
  CHECK(ended.body == R"({"accepted":0})");
}

TEST_CASE("who does not hold the batch is fenced") {
  World world;
  make_dispatched(world);
  CHECK(world.call(report(world, uploaded_result)).says("report.fenced"));
  CHECK(world.call(claim(world, "42")).status == 200);
  const Ended foreign = world.call(report(world, uploaded_result, "43"));
  CHECK(foreign.status == 409);
  CHECK(foreign.says("report.fenced"));
  CHECK_FALSE(foreign.committed);
  Call unknown = report(world, uploaded_result);
  unknown.params = {{"batchId", "bat_none"}};
  CHECK(world.call(unknown).says("batch.unknown"));
}

TEST_CASE("reports that lack something or are too long are refused whole") {
  World world;
  make_claimed(world);
  const auto fault = [&](std::string_view rest) {
    const Ended ended = world.call(report(world, rest));
    CHECK(ended.status == 422);
    CHECK_FALSE(ended.committed);
    return ended.body;
  };
  CHECK(fault(R"("outcome":"uploaded")").find("/results/0/pagesDeploymentId") != std::string::npos);
  CHECK(fault(R"("outcome":"failed")").find("/results/0/reason") != std::string::npos);
  CHECK(fault(R"("outcome":"failed","reason":"bored")").find("/results/0/reason") !=
        std::string::npos);
  CHECK(fault(R"("outcome":"uploaded","pagesDeploymentId":"a","manifestDigest":"A0")")
            .find("/results/0/manifestDigest") != std::string::npos);
  std::string many = R"("outcome":"building")";
  for (int i = 0; i < 49; ++i) many.append(R"(},{"deploymentId":"d","outcome":"building")");
  CHECK(world.call(report(world, many)).status == 200);
  CHECK(fault(many + R"(},{"deploymentId":"d","outcome":"building")").find("1 to 50") !=
        std::string::npos);
  Call none = report(world, uploaded_result);
  none.body = R"({"runId":"42","results":[]})";
  CHECK(world.call(none).status == 422);
}
