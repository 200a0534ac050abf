// The unit of work of one run: events recorded, rows that follow from them, documents and effects.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/caller.hpp"
#include "app/control.hpp"
#include "app/kept_reply.hpp"
#include "domain/account.hpp"
#include "domain/batch.hpp"
#include "domain/platform.hpp"
#include "domain/site.hpp"

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

  /// Rows that have no journal of their own: they are written once and never change.
  void insert(const ConfigVersionRow& version);
  void insert(const OperationRow& operation);
  void insert(const std::string& digest, const BuildTokenRow& token);
  /// Where the id is taken, the whole commit loses its race.
  void insert(const std::string& id, const KeptReplyRow& reply);
  /// Deletes rows that have no journal of their own.
  void forget(std::string_view table, const std::vector<OldRow>& rows);
  void store(std::string id, std::string bytes);
  /// Deletes documents; one that is not there is no error. They may be gone though the commit loses
  /// its race: nobody may need them any more, whoever wins.
  void forget_documents(std::vector<std::string> ids);

  /// Someone should look at the aggregate again at `due_at_ms`.
  void look_at(const SiteRow& site, int64_t due_at_ms);
  void look_at(const BatchRow& batch, int64_t due_at_ms);
  void look_at(const PlatformRow& platform, int64_t due_at_ms);
  /// Nothing is to be done until something happens.
  void settle(const SiteRow& site);
  void settle(const BatchRow& batch);
  void settle(const PlatformRow& platform);
  /// An effect that is sent again as it stands.
  void resend(EffectDocument effect);

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
  std::vector<std::pair<std::string, std::string>> documents_;
  std::vector<std::pair<std::string, std::string>> deletes_;
  std::vector<std::string> document_deletes_;
  std::vector<EffectDocument> effects_;
};

/// Aggregate names, which are also the effect keys: `site:acme/dev`, `batch:bat_...`.
[[nodiscard]] std::string aggregate_of(const SiteRow& site);
[[nodiscard]] std::string aggregate_of(const BatchRow& batch);
[[nodiscard]] std::string aggregate_of(const PlatformRow& platform);

}  // namespace slipway
