// What a World has stored: tables, journal, outbox, documents, and the named queries over them.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/control.hpp"
#include "app/effects.hpp"
#include "app/kept_reply.hpp"
#include "base/text.hpp"
#include "domain/platform.hpp"
#include "domain/token.hpp"
#include "support/orgs.hpp"
#include "support/queues.hpp"
#include "support/segments.hpp"

namespace slipway::test {

class Stored {
 public:
  Tables tables;
  std::map<std::string, std::vector<NewEntry>> journal;
  std::map<std::string, EffectDocument> outbox;
  std::map<std::string, std::string> documents;
  std::vector<std::string> authors;                     ///< of each commit with events
  std::vector<std::pair<std::string, NewEntry>> trail;  ///< all events with their authors

  /// Makes it true. The events must follow on what the journal has.
  void commit(const CommitDocument& commit, const std::function<std::string(int64_t)>& segment) {
    if (commit.journal) {
      authors.push_back(commit.author.value_or("nobody"));
      for (auto& entry : parsed<std::vector<NewEntry>>(segment(*commit.journal))) {
        trail.emplace_back(authors.back(), entry);
        auto& entries = journal[entry.aggregate];
        REQUIRE(entry.seq == (entries.empty() ? 0 : entries.back().seq) + 1);
        entries.push_back(std::move(entry));
      }
    }
    if (commit.rows) {
      for (const RowsDocument& rows : *commit.rows) {
        for (auto& row : parsed<std::vector<NewRow>>(segment(rows.segment))) {
          REQUIRE_FALSE((rows.must_be_new.value_or(false) && tables[rows.table].contains(row.id)));
          tables[rows.table][row.id] = row.row.text;
        }
      }
    }
    if (commit.deletes) {
      for (const DeletesDocument& deletes : *commit.deletes) {
        for (const auto& id : parsed<std::vector<std::string>>(segment(deletes.segment))) {
          tables[deletes.table].erase(id);
        }
      }
    }
    if (commit.journal_cuts) {
      for (auto& cut : parsed<std::vector<NewCut>>(segment(*commit.journal_cuts))) apply_cut(cut);
    }
    if (commit.documents) {
      for (const auto& [id, number, store] : *commit.documents) {
        documents.emplace(id, segment(number));
      }
    }
    if (commit.removed) {
      for (const auto& [store, number] : *commit.removed) {
        for (const auto& id : parsed<std::vector<std::string>>(segment(number)))
          documents.erase(id);
      }
    }
    if (commit.stops) {
      for (const StopDocument& rest : *commit.stops) stop(tables, rest);
    }
    if (commit.effects) {
      for (const EffectDocument& effect : *commit.effects) {
        auto& known = outbox[effect.key];
        if (effect.seq >= known.seq) known = effect;
      }
    }
  }

  [[nodiscard]] std::optional<std::string> row(const std::string& table, const std::string& id) {
    const auto found = tables[table].find(id);
    if (found == tables[table].end()) return std::nullopt;
    return found->second;
  }
  [[nodiscard]] std::optional<std::string> document(const std::string& id) {
    const auto found = documents.find(id);
    if (found == documents.end()) return std::nullopt;
    return found->second;
  }
  template <class T>
  [[nodiscard]] T get(const std::string& table, const std::string& id) {
    const auto json = row(table, id);
    INFO("no row ", table, " ", id);
    REQUIRE(json.has_value());
    return parsed<T>(*json);
  }
  template <class T>
  void put(const std::string& table, const std::string& id, const T& value) {
    tables[table][id] = to_json(value);
  }
  /// Types of the aggregate's events, joined by spaces.
  [[nodiscard]] std::string events(const std::string& aggregate) {
    std::string out;
    for (const NewEntry& entry : journal[aggregate]) {
      const size_t from = std::string_view("{\"type\":\"").size();
      const std::string& text = entry.event.text;
      out.append(out.empty() ? "" : " ").append(text.substr(from, text.find('"', from) - from));
    }
    return out;
  }
  /// Milliseconds from `now_ms` until the effect is due; nothing when it is settled or unknown.
  [[nodiscard]] std::optional<int64_t> due_in(const std::string& key, int64_t now_ms) {
    if (!outbox[key].due_at_ms) return std::nullopt;
    return *outbox[key].due_at_ms - now_ms;
  }

  /// The named query's rows as a JSON array.
  [[nodiscard]] std::string query(const std::string& name, const std::vector<Scalar>& params) {
    const auto text = [&](size_t i) { return params[i].text; };
    const auto number = [&](size_t i) { return *to_number(params[i].text); };
    std::vector<std::string> found;
    if (name == "accounts") {
      for (const auto& [id, json] : tables["account"]) found.push_back(json);
    } else if (name.starts_with("platforms_")) {
      platforms(name, params, found);
    } else if (name == "tokens_after") {
      for (const auto& [id, json] : tables["token"]) {
        if (id > text(0)) found.push_back(json);
      }
      cut(found, number(1));
    } else if (name == "sites_of_platform") {
      for (const auto& [id, json] : tables["site"]) {
        if (id.starts_with(text(0) + "/")) found.push_back(json);
      }
      cut(found, number(1));
    } else if (name == "sites_at_place" || name == "sites_blocked_by") {
      placed(name == "sites_at_place", text(0), found);
      cut(found, number(1));
    } else if (name == "config_versions_before") {
      auto& rows = tables["config_version"];
      for (auto it = rows.rbegin(); it != rows.rend(); ++it) {
        const bool before = text(1).empty() || it->first < text(1);
        if (before && it->first.starts_with(text(0) + "/")) found.push_back(it->second);
      }
      cut(found, number(2));
    } else if (name == "deployments_of_site") {
      auto& rows = tables["deployment"];
      for (auto it = rows.rbegin(); it != rows.rend(); ++it) {
        const bool before = text(1).empty() || it->first < text(1);
        if (before && parsed<Deployment>(it->second).site == text(0)) found.push_back(it->second);
      }
      cut(found, number(2));
    } else if (name == "batches_of_dispatch_key") {
      for (const auto& [id, json] : tables["batch"]) {
        if (parsed<BatchRow>(json).dispatch_key == text(0)) found.push_back(json);
      }
    } else if (name == "journal_of") {
      for (const NewEntry& entry : journal[text(0)]) {
        if (entry.seq <= number(1)) continue;
        found.push_back(concat("{\"seq\":", to_text(entry.seq), ",\"at_ms\":", to_text(entry.at_ms),
                               ",\"format\":", to_text(entry.format),
                               ",\"event\":", entry.event.text, "}"));
      }
      cut(found, number(2));
    } else if (name == "tokens_of_digest") {
      for (const auto& [id, json] : tables["token"]) {
        if (parsed<TokenRow>(json).digest == text(0)) found.push_back(json);
      }
    } else if (name.starts_with("audit_")) {
      const size_t own = name.starts_with("audit_of_") ? 1 : 0;
      audit(name.ends_with("_before"), own == 1 ? text(0) : "", number(own), found);
      cut(found, number(own + 1));
    } else if (name == "kept_replies_before" || name == "build_tokens_before") {
      const bool replies = name == "kept_replies_before";
      for (const auto& [id, json] : tables[replies ? "kept_reply" : "build_token"]) {
        const int64_t created_ms = replies ? parsed<KeptReplyRow>(json).created_ms
                                           : parsed<BuildTokenRow>(json).created_ms;
        if (created_ms <= number(0)) found.push_back(concat("{\"id\":\"", id, "\"}"));
      }
      cut(found, number(1));
    } else if (!queued(tables, name, params, found) && !upkeep(name, params, found) &&
               !items(name, params, found) && !asked_of_orgs(tables, name, params, found)) {
      effects(name, params, found);
    }
    return array_of(found);
  }

 private:
  static std::string array_of(const std::vector<std::string>& found) {
    std::string out = "[";
    for (const std::string& one : found) out.append(out.size() > 1 ? "," : "").append(one);
    return out + "]";
  }
  static bool is_present(const std::string& json) {
    return json.find("\"deleted_ms\":") == std::string::npos;
  }
  /// The platforms that are there, after an id or between two, as the query of this name wants
  /// them.
  void platforms(const std::string& name, const std::vector<Scalar>& params,
                 std::vector<std::string>& found) {
    const bool all = name == "platforms_after";
    for (const auto& [id, json] : tables["platform"]) {
      if (id <= params[0].text || !is_present(json)) continue;
      if (all || (id < params[1].text && has_site(name, id, params))) found.push_back(json);
    }
    cut(found, *to_number(params[all ? 1 : 2].text));
  }
  /// Whether the platform has a site as the query of this name wants it.
  bool has_site(std::string_view name, const std::string& id, const std::vector<Scalar>& params) {
    if (name == "platforms_between") return true;
    const bool by_state = name.starts_with("platforms_of_state");
    const std::string state = by_state ? params[3].text : "";
    const std::string environment =
        by_state ? (params.size() > 4 ? params[4].text : "") : params[3].text;
    for (const auto& [site, json] : tables["site"]) {
      if (!site.starts_with(id + "/") || !is_present(json)) continue;
      const auto row = parsed<SiteRow>(json);
      const bool same_state = state.empty() || state == name_of(row.state);
      if (same_state && (environment.empty() || environment == name_of(row.environment)))
        return true;
    }
    return false;
  }
  static void cut(std::vector<std::string>& found, int64_t limit) {
    if (found.size() > static_cast<size_t>(limit)) found.resize(static_cast<size_t>(limit));
  }
  /// Sites of a state in an account, or that rest with a code.
  void placed(bool by_place, const std::string& wanted, std::vector<std::string>& found) {
    for (const auto& [id, json] : tables["site"]) {
      const auto site = parsed<SiteRow>(json);
      const std::string code = site.blocked ? site.blocked->code : "";
      const std::string place = concat(name_of(site.state), ":", site.account);
      if (wanted == (by_place ? place : code)) found.push_back(json);
    }
  }
  static int64_t sent_from(const std::string& name, const EffectDocument& effect) {
    return name == "effects_due" ? *effect.due_at_ms
                                 : effect.again_at_ms.value_or(*effect.due_at_ms);
  }
  void apply_cut(const NewCut& wanted) {
    auto& entries = journal[wanted.aggregate];
    const int64_t first = wanted.seq + (wanted.event ? 0 : 1);
    std::erase_if(entries, [&](const NewEntry& entry) { return entry.seq < first; });
    if (!wanted.event) {
      journal.erase(wanted.aggregate);
      outbox.erase(wanted.aggregate);
    } else if (!entries.empty()) {
      entries[0].event = *wanted.event;
      entries[0].format = wanted.format.value_or(1);
    }
  }
  /// The rows of a table whose ids lie after or before one.
  void rows_beyond(const std::string& table, bool after, const std::string& id,
                   std::vector<std::string>& found, bool ids_only = false) {
    for (const auto& [each, json] : tables[table]) {
      if (after ? each <= id : each >= id) continue;
      found.push_back(ids_only ? concat("{\"id\":\"", each, "\"}") : json);
    }
  }
  /// The queries of the instance's own work; false where it is none of them.
  bool upkeep(const std::string& name, const std::vector<Scalar>& params,
              std::vector<std::string>& found) {
    const std::string& from = params[0].text;
    if (name == "dead_letters_after") {
      rows_beyond("dead_letter", true, from, found);
    } else if (name == "sites_after") {
      rows_beyond("site", true, from, found);
    } else if (name == "config_versions_after") {
      rows_beyond("config_version", true, from, found);
    } else if (name == "operations_before") {
      rows_beyond("operation", false, from, found, true);
    } else if (name == "batches_before") {
      rows_beyond("batch", false, from, found);
    } else if (name == "batches_newest") {
      rows_beyond("batch", false, from.empty() ? "~" : from, found);
      std::reverse(found.begin(), found.end());
    } else if (name == "journal_after") {
      for (size_t i = static_cast<size_t>(*to_number(from)); i < trail.size(); ++i) {
        const NewEntry& entry = trail[i].second;
        found.push_back(concat("{\"id\":", to_text(static_cast<int64_t>(i) + 1),
                               ",\"aggregate\":\"", entry.aggregate,
                               "\",\"at_ms\":", to_text(entry.at_ms), "}"));
      }
    } else if (name == "deployments_beyond") {
      int64_t skip = *to_number(params[1].text);
      auto& rows = tables["deployment"];
      for (auto it = rows.rbegin(); it != rows.rend(); ++it) {
        if (parsed<Deployment>(it->second).site != from) continue;
        if (skip-- <= 0) found.push_back(it->second);
      }
    } else {
      return false;
    }
    cut(found, *to_number(params.back().text));
    return true;
  }
  /// The lines of an import; false where that was not asked for.
  bool items(const std::string& name, const std::vector<Scalar>& params,
             std::vector<std::string>& found) {
    if (name != "import_items_after") return false;
    for (const auto& [id, json] : tables["import_item"]) {
      if (id > params[1].text && id.starts_with(params[0].text + "/")) found.push_back(json);
    }
    cut(found, *to_number(params[2].text));
    return true;
  }
  /// The trail after or before an event, of one aggregate or, with none named, of all.
  void audit(bool newest, const std::string& aggregate, int64_t from,
             std::vector<std::string>& found) {
    for (size_t i = 0; i < trail.size(); ++i) {
      const size_t index = newest ? trail.size() - 1 - i : i;
      const auto& [author, entry] = trail[index];
      const auto id = static_cast<int64_t>(index) + 1;
      if (newest ? id >= from : id <= from) continue;
      if (!aggregate.empty() && entry.aggregate != aggregate) continue;
      found.push_back(concat("{\"id\":", to_text(id), ",\"aggregate\":\"", entry.aggregate,
                             "\",\"seq\":", to_text(entry.seq), ",\"at_ms\":", to_text(entry.at_ms),
                             ",\"author\":\"", author,
                             "\",\"cause_id\":\"c\",\"event\":", entry.event.text, "}"));
    }
  }
  void effects(const std::string& name, const std::vector<Scalar>& params,
               std::vector<std::string>& found) {
    REQUIRE((name == "effect" || name == "effects_due" || name == "effects_overdue"));
    for (const auto& [key, effect] : outbox) {
      if (key.empty() || effect.key.empty()) continue;
      if (name == "effect") {
        if (key == params[0].text) found.push_back(to_json(effect));
      } else if (effect.due_at_ms && sent_from(name, effect) <= *to_number(params[0].text)) {
        found.push_back(to_json(effect));
      }
    }
  }
};

}  // namespace slipway::test
