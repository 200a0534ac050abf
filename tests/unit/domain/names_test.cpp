#include "domain/names.hpp"

#include <doctest/doctest.h>

#include "domain/platform.hpp"

using namespace slipway;

TEST_CASE("platform ids: 3 to 46 characters, words joined by single dashes") {
  CHECK(is_platform_id("abc"));
  CHECK(is_platform_id("a-1"));
  CHECK(is_platform_id(std::string(46, 'a')));
  for (const std::string& bad :
       {std::string("ab"), std::string(47, 'a'), std::string("Acme"), std::string("acme-"),
        std::string("-acme"), std::string("ac--me"), std::string("ac me"), std::string()}) {
    CAPTURE(bad);
    CHECK_FALSE(is_platform_id(bad));
  }
}

TEST_CASE("the project name of the longest id just fits") {
  CHECK(project_name("acme", Environment::dev) == "acme-dev-portal");
  CHECK(project_name(std::string(46, 'a'), Environment::prod).size() == 58);
  CHECK(site_id("acme", Environment::stg) == "acme/stg");
}

TEST_CASE("run ids and digests") {
  CHECK(is_run_id("29803635501"));
  CHECK_FALSE(is_run_id(""));
  CHECK_FALSE(is_run_id("-1"));
  CHECK(is_run_id("40925173866021957713"));
  CHECK_FALSE(is_run_id("409251738660219577130"));
  CHECK(is_sha256_hex(std::string(64, 'a')));
  CHECK_FALSE(is_sha256_hex(std::string(63, 'a')));
  CHECK_FALSE(is_sha256_hex(std::string(64, 'A')));
}

TEST_CASE("configuration versions sort by number, documents fall back to the defaults") {
  CHECK(config_version_id("acme", 1) == "acme/0000000001");
  CHECK(config_version_id("acme", 9) < config_version_id("acme", 10));
  CHECK(config_version_id("acme", 12'345'678'901) == "acme/12345678901");
  ConfigVersionRow version;
  version.prefix = config_prefix("acme", 3, std::string(64, 'f'));
  CHECK(version.prefix == "configs/acme/3-ffffffffffffffff");
  version.overrides = {Environment::prod};
  const auto id = [&](std::string_view document, std::optional<Environment> environment) {
    return config_document_id(version, document, environment).substr(version.prefix.size());
  };
  CHECK(id("env", std::nullopt) == "/env.config.ts");
  CHECK(id("env", Environment::dev) == "/env.config.ts");
  CHECK(id("env", Environment::prod) == "/prod/env.config.ts");
  CHECK(id("auth", Environment::prod) == "/prod/auth.config.ts");
  CHECK(id("features", Environment::prod) == "/features.config.ts");
}
