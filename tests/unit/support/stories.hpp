// Ways to bring a World to a state that golden runs begin from: platform `acme` with its site
// `acme/dev`, step by step as it happens in production.
#pragma once

#include <string>

#include "support/world.hpp"

namespace slipway::test {

inline constexpr std::string_view site_key = "site:acme/dev";
inline constexpr std::string_view main_queue = "queue:main";
inline constexpr std::string_view run_url = "https://github.com/neutrino-io/b/actions/runs/42";

/// An error envelope of Cloudflare's.
[[nodiscard]] inline Scripted cloudflare_error(int64_t status, int64_t code,
                                               std::string_view message = "in words") {
  return {.status = status,
          .body = concat(R"({"success":false,"result":null,"messages":[],"errors":[{"code":)",
                         to_text(code), R"(,"message":")", message, "\"}]}")};
}

[[nodiscard]] inline Scripted project_absent() {
  return cloudflare_error(404, 8000007, "Project not found.");
}

/// The project `acme-dev-portal` with this marker; `source` is JSON.
[[nodiscard]] inline Scripted project(std::string_view marker = "acme/dev",
                                      std::string_view source = "null") {
  return {.body = concat(
              R"({"success":true,"errors":[],"messages":[],"result":{"id":"p1",)"
              R"("name":"acme-dev-portal","subdomain":"acme-dev-portal-3x.pages.dev","source":)",
              source,
              R"(,"deployment_configs":{"preview":{},"production":{"env_vars":{"SLIPWAY_SITE":)"
              R"({"type":"plain_text","value":")",
              marker, R"("}}}}}})")};
}

/// The request body that creates `acme`; `more` is added before the closing brace.
[[nodiscard]] inline std::string create_body(std::string_view environments = R"(["dev"])",
                                             std::string_view more = "") {
  return concat(R"({"platformId":"acme","environments":)", environments, more, "}");
}

inline Ended create_platform(World& world, std::string_view environments = R"(["dev"])") {
  return world.call({.operation = "platform_create", .body = create_body(environments)});
}

/// The sites have places in accounts, the first one's turn has come.
inline void place_sites(World& world) { (void)world.perform(std::string(site_key)); }

[[nodiscard]] inline SiteRow site_of(World& world) {
  return world.stored.get<SiteRow>("site", "acme/dev");
}

/// The newest batch; they sort by time.
[[nodiscard]] inline BatchRow batch_of(World& world) {
  REQUIRE_FALSE(world.stored.tables["batch"].empty());
  return parsed<BatchRow>(world.stored.tables["batch"].rbegin()->second);
}
[[nodiscard]] inline std::string batch_key(World& world) { return "batch:" + batch_of(world).id; }

/// The site's wish is planned: it joins its queue, and that is looked at.
inline void plan(World& world) {
  (void)world.perform(std::string(site_key));
  (void)world.perform(std::string(main_queue));
}

/// `acme/dev` has its project and a planned deployment.
inline void make_ready(World& world) {
  CHECK(create_platform(world).status == 202);
  place_sites(world);
  world.answers["look:project"] = project_absent();
  world.answers["act:create_project"] = project();
  (void)world.perform(std::string(site_key));
  REQUIRE(site_of(world).state == SiteState::ready);
  plan(world);
  REQUIRE(site_of(world).active.has_value());
}

/// GitHub has accepted the dispatch as run 42.
inline void make_dispatched(World& world) {
  make_ready(world);
  world.answers["act:dispatch"] = {
      .body = concat(R"({"workflow_run_id":42,"html_url":")", run_url, R"(","run_url":"x"})")};
  (void)world.perform(batch_key(world));
  REQUIRE(batch_of(world).state == BatchState::dispatched);
}

/// A claim with the batch's own key.
[[nodiscard]] inline Call claim(World& world, std::string_view run_id, int64_t attempt = 1) {
  return {.operation = "batch_claim",
          .body = concat(R"({"dispatchKey":")", batch_of(world).dispatch_key.value_or("none"),
                         R"(","runId":")", run_id, R"(","runAttempt":)", to_text(attempt), "}"),
          .principal = PrincipalKind::internal};
}

/// Run 42 holds the batch.
inline void make_claimed(World& world) {
  make_dispatched(world);
  REQUIRE(world.call(claim(world, "42")).status == 200);
}

/// A report of run `run_id` about the site's active deployment; `rest` are its further members.
[[nodiscard]] inline Call report(World& world, std::string_view rest,
                                 std::string_view run_id = "42") {
  const SiteRow site = site_of(world);
  const std::string& id = site.active ? site.active->id : site.last->id;
  return {.operation = "batch_report",
          .params = {{"batchId", batch_of(world).id}},
          .body = concat(R"({"runId":")", run_id, R"(","results":[{"deploymentId":")", id, "\",",
                         rest, "}]}"),
          .principal = PrincipalKind::internal};
}

inline constexpr std::string_view uploaded_result =
    R"("outcome":"uploaded","pagesDeploymentId":"pd1","url":"https://pd1.pages.dev")";

/// The builder has uploaded the site as Pages deployment `pd1`.
inline void make_uploaded(World& world) {
  make_claimed(world);
  REQUIRE(world.call(report(world, uploaded_result)).status == 200);
  REQUIRE(site_of(world).active->state == DeploymentState::uploaded);
}

/// Pages' answer about `pd1`.
[[nodiscard]] inline Scripted pages_deployment(std::string_view stage, std::string_view status,
                                               bool skipped = false) {
  return {.body = concat(R"({"success":true,"result":{"id":"pd1","url":"https://pd1.pages.dev",)"
                         R"("is_skipped":)",
                         skipped ? "true" : "false", R"(,"latest_stage":{"name":")", stage,
                         R"(","status":")", status, R"("}}})")};
}

/// The served manifest of a deployment; `files` is JSON.
[[nodiscard]] inline std::string manifest(std::string_view deployment, std::string_view files,
                                          int64_t version = 1) {
  return concat(R"({"deployment":")", deployment,
                R"(","platform":"acme","environment":"dev",)"
                R"("version":)",
                to_text(version), R"(,"shell_sha":"","files":)", files, "}");
}

/// What the doctor is told where all is well: a read that asks outside without any story before.
inline void answer_doctor(World& world) {
  world.answers["look:workflow"] = {.body = R"({"state":"active"})"};
  const std::string edit = concat("look:edit:", "main");
  world.answers[edit] = {.status = 400,
                         .body = R"({"errors":[{"code":8000003,"message":"invalid name"}]})"};
}

}  // namespace slipway::test
