// What the core asks the storage for, by name: the tables of state rows and the named queries. The
// storage's statements are held to these lists.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace slipway {

/// A table of state rows: id and row. The journal and the outbox are not among them.
struct TableInfo {
  std::string_view name;
  std::string_view doc;  ///< what a row is, and its id
};

inline constexpr std::array storage_tables = {
    TableInfo{"platform", "platforms, by platform id"},
    TableInfo{"config_version", "configuration versions: `acme/0000000001`"},
    TableInfo{"site", "sites: `acme/dev`"},
    TableInfo{"deployment", "deployments: `dep_` and a ULID"},
    TableInfo{"batch", "batches: `bat_` and a ULID"},
    TableInfo{"operation", "operations: `op_` and a ULID"},
    TableInfo{"account", "Cloudflare accounts, by name"},
    TableInfo{"token", "API tokens: `tok_` and a ULID"},
    TableInfo{"build_token", "tokens of claims of batches, by their digest"},
    TableInfo{"import", "imports: `imp_` and a ULID"},
    TableInfo{"import_item", "lines of imports: `imp_.../000001`"},
    TableInfo{"migration", "migrations of sites: `acme/dev`"},
    TableInfo{"kept_reply", "replies by caller, operation and Idempotency-Key"},
    TableInfo{"dead_letter", "effects whose message was given up: `dl_` and 26 hex digits"},
    TableInfo{"upkeep", "the instance's own work: `cron`, `schema`, `reconcile`, `config_store`"},
    TableInfo{"fleet", "the whole fleet: `fleet`"},
    TableInfo{"org", "orgs, by slug"},
    TableInfo{"publication", "publications: `pub_` and a ULID"},
    TableInfo{"sealed", "secrets of tenants, encrypted: the core names them and never reads them"},
};

/// The number of the last migration. A storage of a higher level is a newer version's.
inline constexpr int64_t storage_level = 9;

/// A named query. It answers an array of rows.
struct QueryInfo {
  std::string_view name;
  std::string_view params;  ///< names of its parameters in order, joined by `, `
  std::string_view doc;     ///< what it answers, in which order
};

inline constexpr std::array storage_queries = {
    QueryInfo{"accounts", "", "all accounts, by name"},
    QueryInfo{"platforms_after", "after_id, limit", "platforms that are not deleted, by id"},
    QueryInfo{"platforms_between", "after_id, before_id, limit", "the same up to an id"},
    QueryInfo{"platforms_of_state", "after_id, before_id, limit, state",
              "the same, with a site in this state"},
    QueryInfo{"platforms_of_environment", "after_id, before_id, limit, environment",
              "the same, with a site of this environment"},
    QueryInfo{"platforms_of_state_in", "after_id, before_id, limit, state, environment",
              "the same, with a site of this environment in this state"},
    QueryInfo{"sites_of_platform", "platform_id, limit", "sites, by id"},
    QueryInfo{"sites_at_place", "place, limit",
              "sites by id, of a state in an account: `creating:main`; `creating:` without one"},
    QueryInfo{"sites_blocked_by", "code, limit", "sites by id that rest with this code"},
    QueryInfo{"config_versions_before", "platform_id, before_id, limit",
              "configuration versions, newest first; an empty `before_id`: from the newest"},
    QueryInfo{"deployments_of_site", "site_id, before_id, limit",
              "deployments, newest first; an empty `before_id`: from the newest"},
    QueryInfo{"batches_of_dispatch_key", "dispatch_key", "batches with this key, by id"},
    QueryInfo{"journal_of", "aggregate, after_seq, limit",
              "{\"seq\",\"at_ms\",\"format\",\"event\"}, oldest first"},
    QueryInfo{"effects_due", "now_ms, limit",
              "{\"key\",\"seq\",\"due_at_ms\",\"attempts\"}, longest due first"},
    QueryInfo{"effect", "effect_key", "the same, of one effect"},
    QueryInfo{"tokens_of_digest", "digest", "the token with this digest, if any"},
    QueryInfo{"tokens_after", "after_id, limit", "tokens, by id"},
    QueryInfo{"audit_before", "before_id, limit",
              "{\"id\",\"aggregate\",\"seq\",\"at_ms\",\"author\",\"cause_id\",\"event\"}, "
              "newest first"},
    QueryInfo{"audit_after", "after_id, limit", "the same, oldest first"},
    QueryInfo{"audit_of_before", "aggregate, before_id, limit",
              "the same of one aggregate, newest first"},
    QueryInfo{"audit_of_after", "aggregate, after_id, limit",
              "the same of one aggregate, oldest first"},
    QueryInfo{"import_items_after", "import_id, after_id, limit", "lines of an import, by number"},
    QueryInfo{"kept_replies_before", "before_ms, limit", "{\"id\"} of old ones, oldest first"},
    QueryInfo{"build_tokens_before", "before_ms, limit", "{\"id\"} of old ones, oldest first"},
    QueryInfo{"effects_overdue", "before_ms, limit",
              "effects that are to be sent again, as `effects_due` gives them"},
    QueryInfo{"dead_letters_after", "after_id, limit", "dead letters, by id"},
    QueryInfo{"sites_after", "after_id, limit", "sites of all platforms, by id"},
    QueryInfo{"config_versions_after", "after_id, limit",
              "configuration versions of all platforms, by id"},
    QueryInfo{"deployments_beyond", "site_id, skip, limit",
              "deployments, newest first, without the newest `skip`"},
    QueryInfo{"operations_before", "before_id, limit", "{\"id\"} of older ones, oldest first"},
    QueryInfo{"batches_before", "before_id, limit", "older ones, oldest first"},
    QueryInfo{"sites_queued", "queue, before_ms, limit",
              "sites of a queue that may be planned, longest due first"},
    QueryInfo{"sites_queued_before", "before_ms, limit",
              "sites of all queues that may be planned, longest due first"},
    QueryInfo{"sites_building", "batch_id, limit",
              "sites by id whose deployment in this batch is not uploaded"},
    QueryInfo{"building_counts", "", "{\"batch_id\",\"sites\"}: how many of each batch"},
    QueryInfo{"building_count", "batch_id", "the same of one batch"},
    QueryInfo{"batches_open", "limit", "batches that are not closed, in short, oldest first"},
    QueryInfo{"batches_waiting", "account, limit",
              "batches of an account that are not closed, oldest first"},
    QueryInfo{"ledgers", "", "{\"id\",\"paced_ms\",\"last_ms\",\"stopped_ms\"} of all budgets"},
    QueryInfo{"batches_newest", "before_id, limit",
              "batches, newest first; an empty `before_id`: from the newest"},
    QueryInfo{"org_of_id", "org_id", "the org with this id in its application, if any"},
    QueryInfo{"orgs_after", "after_id, limit", "orgs that are not deleted, by slug"},
    QueryInfo{"publications_of_org", "slug, before_id, limit",
              "publications, newest first; an empty `before_id`: from the newest"},
    QueryInfo{"publications_beyond", "slug, skip, limit",
              "publications, newest first, without the newest `skip`"},
    QueryInfo{"journal_after", "after_id, limit", "{\"id\",\"aggregate\",\"at_ms\"}, oldest first"},
};

}  // namespace slipway
