#include "upstream/pages.hpp"

#include <doctest/doctest.h>

#include "upstream/pages_git.hpp"
#include "upstream/pages_publishing.hpp"
#include "wire/json_read.hpp"

using namespace slipway;

namespace {
const pages::Account account = {"cloudflare:main", "0123456789abcdef0123456789abcdef",
                                "cloudflare:shared"};
constexpr std::string_view projects = "/accounts/0123456789abcdef0123456789abcdef/pages/projects";
}  // namespace

TEST_CASE("a project is created for Direct Upload, with our marker in both environments") {
  const Request request = pages::create_project(account, "acme-dev-portal", "acme/dev");
  CHECK(request.method == "POST");
  CHECK(request.path == projects);
  CHECK(request.credential == "cloudflare:main");
  REQUIRE(request.spending.has_value());
  CHECK(request.spending->ledger == "cloudflare:shared");
  CHECK(request.body ==
        R"({"name":"acme-dev-portal","production_branch":"main","deployment_configs":)"
        R"({"production":{"env_vars":{"SLIPWAY_SITE":{"type":"plain_text","value":"acme/dev"}}},)"
        R"("preview":{"env_vars":{"SLIPWAY_SITE":{"type":"plain_text","value":"acme/dev"}}}}})");
  CHECK(request.body->find("source") == std::string::npos);
}

TEST_CASE("reads: paths below the account, names escaped") {
  CHECK(pages::get_project(account, "a/b").path == std::string(projects) + "/a%2Fb");
  CHECK(pages::get_deployment(account, "p", "d?").path ==
        std::string(projects) + "/p/deployments/d%3F");
  CHECK(pages::list_deployments(account, "p").path ==
        std::string(projects) + "/p/deployments?env=production&page=1&per_page=25");
  const Request file = pages::get_file("acme-dev-portal.pages.dev", pages::manifest_path);
  CHECK(file.target == Target::site);
  CHECK(file.host == "acme-dev-portal.pages.dev");
  CHECK_FALSE(file.credential.has_value());
}

TEST_CASE("the marker is read from production only") {
  pages::Project project;
  CHECK_FALSE(pages::marked_site(project).has_value());
  project.deployment_configs.production.env_vars.members = {{"OTHER", {"acme/dev"}}};
  CHECK_FALSE(pages::marked_site(project).has_value());
  project.deployment_configs.production.env_vars.members.push_back({"SLIPWAY_SITE", {}});
  CHECK_FALSE(pages::marked_site(project).has_value());
  project.deployment_configs.production.env_vars.members[1].second.value = "acme/dev";
  CHECK(pages::marked_site(project) == "acme/dev");
}

TEST_CASE("a project is served below pages.dev, or its answer cannot be read") {
  const std::string_view good[] = {"a.pages.dev", "acme-dev-portal-3x.pages.dev",
                                   "0abc.acme.pages.dev"};
  for (const std::string_view host : good) CHECK(pages::is_host(host));
  const std::string long_one = std::string(250, 'a') + ".pages.dev";
  const std::string_view bad[] = {"",
                                  "pages.dev",
                                  ".pages.dev",
                                  "a.pages.dev.evil.example",
                                  "evil.example",
                                  "A.pages.dev",
                                  "-a.pages.dev",
                                  "a-.pages.dev",
                                  "a..pages.dev",
                                  "a/b.pages.dev",
                                  "a@b.pages.dev",
                                  "a:1.pages.dev",
                                  "a b.pages.dev",
                                  "apages.dev",
                                  long_one};
  for (const std::string_view host : bad) {
    CAPTURE(host);
    CHECK_FALSE(pages::is_host(host));
  }
  JsonReader reader;
  const PaddedText foreign(
      R"({"name":"a","subdomain":"evil.example","deployment_configs":{"production":{}}})");
  pages::Project project;
  CHECK_FALSE(reader.read(foreign.view(), Strictness::lenient, project).ok());
  pages::ConnectedProject connected;
  CHECK_FALSE(reader.read(foreign.view(), Strictness::lenient, connected).ok());
  pages::Project named;
  named.name = "acme";
  CHECK(pages::host_of(named) == "acme.pages.dev");
  named.subdomain = pages::PagesHost{"acme-7rw.pages.dev"};
  CHECK(pages::host_of(named) == "acme-7rw.pages.dev");
}

TEST_CASE("a build's address leads to a page over TLS, or is none") {
  pages::Build build;
  for (const char* url : {"", "http://a.pages.dev", "javascript:alert(1)", "//a.pages.dev"}) {
    build.url = url;
    CHECK_FALSE(pages::url_of(build).has_value());
  }
  build.url = "https://0abc.acme.pages.dev";
  CHECK(pages::url_of(build) == build.url);
}

TEST_CASE("how far a Pages deployment is") {
  struct Row {
    std::string stage;
    std::string status;
    bool skipped;
    pages::Progress expected;
  };
  using enum pages::Progress;
  const Row rows[] = {
      {"queued", "idle", false, active},         {"queued", "active", false, active},
      {"initialize", "success", false, active},  {"build", "success", false, active},
      {"deploy", "idle", false, active},         {"deploy", "active", false, active},
      {"deploy", "success", false, success},     {"deploy", "failure", false, failure},
      {"build", "failure", false, failure},      {"build", "canceled", false, failure},
      {"deploy", "skipped", false, failure},     {"deploy", "success", true, failure},
      {"queued", "idle", true, failure},         {"", "", false, active},
      {"deploy", "something new", false, active}};
  for (const Row& row : rows) {
    CAPTURE(row.stage);
    CAPTURE(row.status);
    pages::PagesDeployment deployment;
    deployment.latest_stage = {row.stage, row.status};
    deployment.is_skipped = row.skipped;
    CHECK(pages::progress(deployment) == row.expected);
  }
}

TEST_CASE("codes of refusals") {
  const std::pair<int64_t, std::string_view> rows[] = {{8000002, "project.name_taken"},
                                                       {8000003, "project.invalid_name"},
                                                       {8000011, "git.not_connected"},
                                                       {8000027, "project.limit_reached"},
                                                       {8000030, "project.subdomain_blocked"},
                                                       {8000036, "account.blocked"},
                                                       {8000077, "account.email_unverified"},
                                                       {8000119, "project.blocked"},
                                                       {7003, "account.id_unknown"},
                                                       {9109, "credential.invalid"},
                                                       {10000, "credential.permission_missing"},
                                                       {403, "upstream.forbidden"},
                                                       {0, "upstream.rejected"},
                                                       {8000099, "upstream.rejected"}};
  for (const auto& [upstream, ours] : rows) {
    CHECK(info(pages::meaning({upstream, "Your user email must been verified"}).code).name == ours);
  }
  CHECK(pages::meaning({8000077, "You need to enable Analytics"}).concern ==
        pages::Concern::project);
}
