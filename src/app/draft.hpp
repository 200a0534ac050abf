// The unit of work of one run: events recorded, rows that follow from them, documents and effects.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/caller.hpp"
#include "app/control.hpp"
#include "app/kept_reply.hpp"
#include "domain/account.hpp"
#include "domain/batch.hpp"
#include "domain/fleet.hpp"
#include "domain/import.hpp"
#include "domain/migration.hpp"
#include "domain/org.hpp"
#include "domain/platform.hpp"
#include "domain/site.hpp"
#include "domain/upkeep.hpp"

namespace slipway {

/// Collects what a run makes true. `record` applies the event to the caller's row at once, so that
/// the code after it sees the new state.
class Draft {
 public:
  explicit Draft(int64_t now_ms) : now_ms_(now_ms) {}
  /// Who causes the events; without it, nobody: the system.
  void set_author(std::string author) { author_ = std::move(author); }

  void record(PlatformRow& platform, const PlatformEvent& event);
  void record(AccountRow& account, const AccountEvent& event);
  /// Also writes the deployment's own row, where the event is about one.
  void record(SiteRow& site, const SiteEvent& event);
  void record(BatchRow& batch, const BatchEvent& event);
  void record(TokenRow& token, const TokenEvent& event);
  void record(UpkeepRow& upkeep, const UpkeepEvent& event);
  void record(ImportRow& import, const ImportEvent& event);
  void record(MigrationRow& migration, const MigrationEvent& event);
  void record(FleetRow& fleet, const FleetEvent& event);
  /// Also writes the publication's own row, where the event is about one.
  void record(OrgRow& org, const OrgEvent& event);

  /// Rows that have no journal of their own: they are written once and never change.
  void insert(const ConfigVersionRow& version);
  void insert(const OperationRow& operation);
  void insert(const ImportItemRow& item);
  void insert(const std::string& digest, const BuildTokenRow& token);
  /// Where the id is taken, the whole commit loses its race.
  void insert(const std::string& id, const KeptReplyRow& reply);
  /// A row of `table` that has no journal of its own, as JSON; what is there is replaced.
  void write(std::string_view table, std::string_view id, std::string json);
  /// Deletes rows, with `cut_journal` where they have a journal of their own.
  void forget(std::string_view table, const std::vector<OldRow>& rows);
  /// Where `to` is set the document goes to that store, else to the configured one.
  void store(std::string id, std::string bytes, std::optional<std::string> to = std::nullopt);
  /// Removes documents from one store.
  void remove(std::string_view from, const std::vector<std::string>& ids);
  /// Events before `seq` are deleted; `snapshot`, an event in JSON, takes that one's place. Without
  /// it that one is deleted, too.
  void cut_journal(std::string_view aggregate, int64_t seq, std::string_view snapshot);

  /// A secret: it is encrypted before it is stored under the id, in the table `sealed`.
  void seal(std::string id, std::string secret);

  /// Someone should look at the aggregate again at `due_at_ms`.
  void look_at(const SiteRow& site, int64_t due_at_ms);
  void look_at(const BatchRow& batch, int64_t due_at_ms);
  void look_at(const PlatformRow& platform, int64_t due_at_ms);
  void look_at(const UpkeepRow& upkeep, int64_t due_at_ms);
  void look_at(const ImportRow& row, int64_t due_at_ms);
  void look_at(const MigrationRow& migration, int64_t due_at_ms);
  void look_at(const OrgRow& org, int64_t due_at_ms);
  /// Nothing is to be done until something happens.
  void settle(const SiteRow& site);
  void settle(const BatchRow& batch);
  void settle(const PlatformRow& platform);
  void settle(const UpkeepRow& upkeep);
  void settle(const ImportRow& row);
  void settle(const MigrationRow& migration);
  void settle(const OrgRow& org);
  /// An effect as it stands here: one that is sent again, or one of no aggregate.
  void resend(EffectDocument effect);
  /// Nothing is given away from this budget before `until_ms`.
  void stop(std::string_view ledger, int64_t until_ms);

  /// Everything so far has been committed: only what follows is new.
  void committed();

  [[nodiscard]] bool empty() const;
  /// Hands over the commit of what is new; its bytes are appended to `segments`.
  [[nodiscard]] CommitDocument commit(std::vector<std::string>& segments);

 private:
  struct RowEntry {
    std::string table;
    std::string id;
    std::string json;
  };
  void journal(std::string_view aggregate, int64_t seq, const Schema& schema, const void* event);
  void row(std::string_view table, std::string_view id, std::string json);
  void effect(EffectDocument effect);

  int64_t now_ms_;
  std::string author_ = std::string(system_author);
  std::vector<std::string> journal_;
  std::vector<RowEntry> rows_;
  struct DocumentEntry {
    std::string id;
    std::string bytes;
    std::optional<std::string> store;
  };
  std::vector<DocumentEntry> documents_;
  std::vector<std::pair<std::string, std::string>> removed_;
  std::vector<std::pair<std::string, std::string>> seals_;
  std::string cuts_;
  std::vector<std::pair<std::string, std::string>> deletes_;
  std::vector<EffectDocument> effects_;
  std::vector<StopDocument> stops_;
};

/// Aggregate names, which are also the effect keys: `site:acme/dev`, `batch:bat_...`.
[[nodiscard]] std::string aggregate_of(const SiteRow& site);
[[nodiscard]] std::string aggregate_of(const BatchRow& batch);
[[nodiscard]] std::string aggregate_of(const PlatformRow& platform);
[[nodiscard]] std::string aggregate_of(const UpkeepRow& upkeep);
[[nodiscard]] std::string aggregate_of(const ImportRow& row);
[[nodiscard]] std::string aggregate_of(const MigrationRow& migration);
[[nodiscard]] std::string aggregate_of(const OrgRow& org);

}  // namespace slipway
