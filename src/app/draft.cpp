#include "app/draft.hpp"

#include <algorithm>

#include "app/journal.hpp"
#include "base/text.hpp"
#include "wire/json_write.hpp"

namespace slipway {

std::string aggregate_of(const SiteRow& site) {
  return concat("site:", site_id(site.platform_id, site.environment));
}

std::string aggregate_of(const BatchRow& batch) { return concat("batch:", batch.id); }

std::string aggregate_of(const PlatformRow& platform) {
  return concat("platform:", platform.platform_id);
}

std::string aggregate_of(const UpkeepRow& upkeep) { return concat("upkeep:", upkeep.id); }

std::string aggregate_of(const ImportRow& row) { return concat("import:", row.id); }

std::string aggregate_of(const MigrationRow& migration) {
  return concat("migration:", site_id(migration.platform_id, migration.environment));
}

std::string aggregate_of(const OrgRow& org) { return concat("org:", org.slug); }

void Draft::journal(std::string_view aggregate, int64_t seq, const Schema& schema,
                    const void* event) {
  std::string entry = "{\"aggregate\":";
  append_json_string(entry, aggregate);
  entry.append(",\"seq\":").append(to_text(seq));
  entry.append(",\"at_ms\":").append(to_text(now_ms_));
  entry.append(",\"format\":").append(to_text(journal_format)).append(",\"event\":");
  entry.append(to_json(schema, event));
  entry.push_back('}');
  journal_.push_back(std::move(entry));
}

void Draft::row(std::string_view table, std::string_view id, std::string json) {
  for (RowEntry& entry : rows_) {
    if (entry.table == table && entry.id == id) {
      entry.json = std::move(json);
      return;
    }
  }
  rows_.push_back({std::string(table), std::string(id), std::move(json)});
}

void Draft::record(PlatformRow& platform, const PlatformEvent& event) {
  apply(platform, event, now_ms_);
  journal(aggregate_of(platform), platform.seq, schema_of<PlatformEvent>(), &event);
  row("platform", platform.platform_id, to_json(platform));
}

void Draft::record(AccountRow& account, const AccountEvent& event) {
  apply(account, event, now_ms_);
  journal(concat("account:", account.name), account.seq, schema_of<AccountEvent>(), &event);
  row("account", account.name, to_json(account));
}

void Draft::record(SiteRow& site, const SiteEvent& event) {
  apply(site, event, now_ms_);
  journal(aggregate_of(site), site.seq, schema_of<SiteEvent>(), &event);
  row("site", site_id(site.platform_id, site.environment), to_json(site));
  if (const Deployment* deployment = deployment_of(site, event)) {
    row("deployment", deployment->id, to_json(*deployment));
  }
}

void Draft::record(BatchRow& batch, const BatchEvent& event) {
  apply(batch, event, now_ms_);
  journal(aggregate_of(batch), batch.seq, schema_of<BatchEvent>(), &event);
  row("batch", batch.id, to_json(batch));
}

void Draft::record(TokenRow& token, const TokenEvent& event) {
  apply(token, event, now_ms_);
  journal(concat("token:", token.id), token.seq, schema_of<TokenEvent>(), &event);
  row("token", token.id, to_json(token));
}

void Draft::record(UpkeepRow& upkeep, const UpkeepEvent& event) {
  apply(upkeep, event, now_ms_);
  journal(aggregate_of(upkeep), upkeep.seq, schema_of<UpkeepEvent>(), &event);
  row("upkeep", upkeep.id, to_json(upkeep));
}

void Draft::record(ImportRow& import, const ImportEvent& event) {
  apply(import, event, now_ms_);
  journal(aggregate_of(import), import.seq, schema_of<ImportEvent>(), &event);
  row("import", import.id, to_json(import));
}

void Draft::record(MigrationRow& migration, const MigrationEvent& event) {
  apply(migration, event, now_ms_);
  journal(aggregate_of(migration), migration.seq, schema_of<MigrationEvent>(), &event);
  row("migration", site_id(migration.platform_id, migration.environment), to_json(migration));
}

void Draft::record(FleetRow& fleet, const FleetEvent& event) {
  apply(fleet, event, now_ms_);
  journal(concat("fleet:", fleet_id), fleet.seq, schema_of<FleetEvent>(), &event);
  row("fleet", fleet_id, to_json(fleet));
}

void Draft::record(OrgRow& org, const OrgEvent& event) {
  apply(org, event, now_ms_);
  journal(aggregate_of(org), org.seq, schema_of<OrgEvent>(), &event);
  row("org", org.slug, to_json(org));
  if (const Publication* publication = publication_of(org, event)) {
    row("publication", publication->id, to_json(*publication));
  }
}

void Draft::seal(std::string id, std::string secret) {
  seals_.emplace_back(std::move(id), std::move(secret));
}

void Draft::insert(const ConfigVersionRow& version) {
  row("config_version", config_version_id(version.platform_id, version.version), to_json(version));
}

void Draft::insert(const OperationRow& operation) {
  row("operation", operation.id, to_json(operation));
}

void Draft::insert(const ImportItemRow& item) {
  row("import_item", import_item_id(item.import_id, item.number), to_json(item));
}

void Draft::insert(const std::string& digest, const BuildTokenRow& token) {
  row("build_token", digest, to_json(token));
}

void Draft::insert(const std::string& id, const KeptReplyRow& reply) {
  row(kept_reply_table, id, to_json(reply));
}

void Draft::write(std::string_view table, std::string_view id, std::string json) {
  row(table, id, std::move(json));
}

void Draft::forget(std::string_view table, const std::vector<OldRow>& rows) {
  if (rows.empty()) return;
  std::vector<std::string> ids;
  ids.reserve(rows.size());
  for (const OldRow& row : rows) ids.push_back(row.id);
  deletes_.emplace_back(table, to_json(ids));
}

void Draft::store(std::string id, std::string bytes, std::optional<std::string> to) {
  documents_.push_back({std::move(id), std::move(bytes), std::move(to)});
}

void Draft::remove(std::string_view from, const std::vector<std::string>& ids) {
  if (!ids.empty()) removed_.emplace_back(from, to_json(ids));
}

void Draft::cut_journal(std::string_view aggregate, int64_t seq, std::string_view snapshot) {
  cuts_.append(cuts_.empty() ? "{\"aggregate\":" : ",{\"aggregate\":");
  append_json_string(cuts_, aggregate);
  cuts_.append(",\"seq\":").append(to_text(seq));
  if (!snapshot.empty()) {
    cuts_.append(",\"format\":").append(to_text(journal_format));
    cuts_.append(",\"event\":").append(snapshot);
  }
  cuts_.push_back('}');
}

void Draft::effect(EffectDocument effect) {
  const auto same = std::find_if(effects_.begin(), effects_.end(),
                                 [&](const auto& other) { return other.key == effect.key; });
  if (same != effects_.end()) {
    *same = std::move(effect);
  } else {
    effects_.push_back(std::move(effect));
  }
}

void Draft::look_at(const SiteRow& site, int64_t due_at_ms) {
  effect({aggregate_of(site), site.seq, due_at_ms, std::nullopt});
}

void Draft::look_at(const BatchRow& batch, int64_t due_at_ms) {
  effect({aggregate_of(batch), batch.seq, due_at_ms, std::nullopt});
}

void Draft::look_at(const UpkeepRow& upkeep, int64_t due_at_ms) {
  effect({aggregate_of(upkeep), upkeep.seq, due_at_ms, std::nullopt});
}

void Draft::look_at(const PlatformRow& platform, int64_t due_at_ms) {
  effect({aggregate_of(platform), platform.seq, due_at_ms, std::nullopt});
}

void Draft::settle(const UpkeepRow& upkeep) {
  effect({aggregate_of(upkeep), upkeep.seq, std::nullopt, std::nullopt});
}

void Draft::settle(const SiteRow& site) {
  effect({aggregate_of(site), site.seq, std::nullopt, std::nullopt});
}

void Draft::settle(const BatchRow& batch) {
  effect({aggregate_of(batch), batch.seq, std::nullopt, std::nullopt});
}

void Draft::settle(const PlatformRow& platform) {
  effect({aggregate_of(platform), platform.seq, std::nullopt, std::nullopt});
}

void Draft::look_at(const ImportRow& row, int64_t due_at_ms) {
  effect({aggregate_of(row), row.seq, due_at_ms, std::nullopt});
}

void Draft::look_at(const MigrationRow& migration, int64_t due_at_ms) {
  effect({aggregate_of(migration), migration.seq, due_at_ms, std::nullopt});
}

void Draft::look_at(const OrgRow& org, int64_t due_at_ms) {
  effect({aggregate_of(org), org.seq, due_at_ms, std::nullopt});
}

void Draft::settle(const OrgRow& org) {
  effect({aggregate_of(org), org.seq, std::nullopt, std::nullopt});
}

void Draft::settle(const ImportRow& row) {
  effect({aggregate_of(row), row.seq, std::nullopt, std::nullopt});
}

void Draft::settle(const MigrationRow& migration) {
  effect({aggregate_of(migration), migration.seq, std::nullopt, std::nullopt});
}

void Draft::resend(EffectDocument again) { effect(std::move(again)); }

void Draft::stop(std::string_view ledger, int64_t until_ms) {
  for (StopDocument& stop : stops_) {
    if (stop.ledger != ledger) continue;
    stop.until_ms = std::max(stop.until_ms, until_ms);
    return;
  }
  stops_.push_back({std::string(ledger), until_ms});
}

void Draft::committed() {
  journal_.clear();
  rows_.clear();
  documents_.clear();
  deletes_.clear();
  effects_.clear();
  removed_.clear();
  seals_.clear();
  cuts_.clear();
  stops_.clear();
}

bool Draft::empty() const {
  return journal_.empty() && rows_.empty() && documents_.empty() && deletes_.empty() &&
         effects_.empty() && removed_.empty() && seals_.empty() && cuts_.empty() && stops_.empty();
}

CommitDocument Draft::commit(std::vector<std::string>& segments) {
  const auto add = [&](std::string bytes) {
    segments.push_back(std::move(bytes));
    return static_cast<int64_t>(segments.size() - 1);
  };
  CommitDocument out;
  if (!journal_.empty()) {
    std::string array = "[";
    for (const std::string& entry : journal_) array.append(array.size() > 1 ? "," : "") += entry;
    array.push_back(']');
    out.journal = add(std::move(array));
    out.author = author_;
  }
  for (size_t i = 0; i < rows_.size(); ++i) {
    const std::string& table = rows_[i].table;
    if (!out.rows) out.rows.emplace();
    const bool grouped = std::any_of(out.rows->begin(), out.rows->end(),
                                     [&](const auto& other) { return other.table == table; });
    if (grouped) continue;
    std::string array = "[";
    for (size_t j = i; j < rows_.size(); ++j) {
      if (rows_[j].table != table) continue;
      array.append(array.size() > 1 ? ",{\"id\":" : "{\"id\":");
      append_json_string(array, rows_[j].id);
      array.append(",\"row\":").append(rows_[j].json).append("}");
    }
    array.push_back(']');
    RowsDocument written{table, add(std::move(array)), std::nullopt};
    if (table == kept_reply_table) written.must_be_new = true;
    out.rows->push_back(std::move(written));
  }
  for (auto& [table, ids] : deletes_) {
    if (!out.deletes) out.deletes.emplace();
    out.deletes->push_back({std::move(table), add(std::move(ids))});
  }
  if (!cuts_.empty()) out.journal_cuts = add(concat("[", cuts_, "]"));
  for (auto& [id, bytes, to] : documents_) {
    if (!out.documents) out.documents.emplace();
    out.documents->push_back({std::move(id), add(std::move(bytes)), std::move(to)});
  }
  for (auto& [from, ids] : removed_) {
    if (!out.removed) out.removed.emplace();
    out.removed->push_back({std::move(from), add(std::move(ids))});
  }
  for (auto& [id, secret] : seals_) {
    if (!out.seals) out.seals.emplace();
    out.seals->push_back({std::move(id), add(std::move(secret))});
  }
  if (!effects_.empty()) out.effects = std::move(effects_);
  if (!stops_.empty()) out.stops = std::move(stops_);
  committed();
  return out;
}

}  // namespace slipway
