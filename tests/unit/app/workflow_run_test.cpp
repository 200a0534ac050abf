// A run of the builder that GitHub vouches for: it speaks for itself.
#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

Principal workflow_run(std::string_view id, std::string_view attempt = "1",
                       std::string_view environment = "main-dev") {
  Principal out;
  out.kind = PrincipalKind::run;
  out.repository = "neutrino-io/b";
  out.run_id = std::string(id);
  out.run_attempt = std::string(attempt);
  out.environment = std::string(environment);
  return out;
}

Ended claim_by(World& world, const Principal& principal, std::string_view run_id,
               int64_t attempt = 1) {
  Call call = claim(world, run_id, attempt);
  call.proved = principal;
  return world.call(call);
}

}  // namespace

TEST_CASE("a run claims its batch in its own name") {
  World world;
  make_dispatched(world);
  CHECK(claim_by(world, workflow_run("42"), "42").status == 200);
  CHECK(batch_of(world).state == BatchState::claimed);
  CHECK(claim_by(world, workflow_run("42", "2"), "42", 2).status == 200);
  CHECK(batch_of(world).run_attempt == 2);
  CHECK(world.folds());
}

TEST_CASE("a run claims for no other run, attempt or environment") {
  World world;
  make_dispatched(world);
  for (const auto& [principal, attempt] :
       {std::pair{workflow_run("43"), int64_t{1}}, std::pair{workflow_run("42"), int64_t{2}},
        std::pair{workflow_run("42", "1", "main-prod"), int64_t{1}},
        std::pair{workflow_run("42", "1", "other-dev"), int64_t{1}},
        std::pair{workflow_run("42", "1", ""), int64_t{1}}}) {
    const Ended ended = claim_by(world, principal, "42", attempt);
    CHECK(ended.status == 403);
    CHECK(ended.says("auth.forbidden"));
    CHECK_FALSE(ended.committed);
  }
  CHECK(batch_of(world).state == BatchState::dispatched);
}

TEST_CASE("a batch that a person starts is of the run that claims it, or of none") {
  World world;
  make_ready(world);
  Call call = {.operation = "batch_claim",
               .body = R"({"platformId":"acme","env":"dev","runId":"43","runAttempt":1})"};
  call.proved = workflow_run("42");
  const size_t before = world.stored.tables["batch"].size();
  const Ended ended = world.call(call);
  CHECK_FALSE(ended.committed);
  CHECK(world.stored.tables["batch"].size() == before);
}

TEST_CASE("a run reads no configuration: that is for the token of its claim") {
  World world;
  make_dispatched(world);
  Call call = {.operation = "config_read", .params = {{"platformId", "acme"}}};
  call.proved = workflow_run("42");
  CHECK(world.call(call).status == 403);
}
