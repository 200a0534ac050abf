// Segment 0 of output frames, as docs/frames.md describes it: what the core asks for and decides.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/control_input.hpp"
#include "upstream/http.hpp"

namespace slipway {

enum class ReadKind : uint8_t { row, query, document, upstream, spend };
template <>
struct describe<ReadKind> {
  static constexpr std::string_view name = "ReadKind";
  static constexpr std::array<std::string_view, 5> names = {"row", "query", "document", "upstream",
                                                            "spend"};
};

/// Units of a budget to be given away, all or none. A loss of the answer wastes them, no more.
struct SpendDocument {
  std::string ledger;
  int64_t units = 0;
  int64_t interval_ms = 0;
  int64_t burst = 0;
  int64_t leave = 0;
  int64_t gap_ms = 0;
};
template <>
struct describe<SpendDocument> {
  static constexpr std::string_view name = "SpendDocument";
  static constexpr std::string_view doc = "Units of a budget to be given away.";
  static constexpr std::array fields = {
      field<&SpendDocument::ledger>("ledger", "whose budget"),
      field<&SpendDocument::units>("units", "how many, all or none"),
      field<&SpendDocument::interval_ms>("interval_ms", "of one unit, without a pause"),
      field<&SpendDocument::burst>("burst", "units that may be spent at once after a rest"),
      field<&SpendDocument::leave>("leave", "units of the burst that must be left"),
      field<&SpendDocument::gap_ms>("gap_ms", "least time since the last spending"),
  };
};

/// A budget from which nothing is given away before a time, because the upstream said so.
struct StopDocument {
  std::string ledger;
  int64_t until_ms = 0;
};
template <>
struct describe<StopDocument> {
  static constexpr std::string_view name = "StopDocument";
  static constexpr std::string_view doc = "A budget that rests until a time.";
  static constexpr std::array fields = {
      field<&StopDocument::ledger>("ledger", "whose budget"),
      field<&StopDocument::until_ms>("until_ms", "nothing is given away before"),
  };
};

struct RequestDocument {
  Target target{};
  std::optional<std::string> credential;
  std::optional<std::string> sealed;
  std::optional<std::string> host;
  std::string method;
  std::string path;
  Map<std::string> headers;
  std::optional<int64_t> segment;
  int64_t timeout_ms = 0;
  int64_t body_max = 0;
  std::optional<SpendDocument> spend;
};
template <>
struct describe<RequestDocument> {
  static constexpr std::string_view name = "RequestDocument";
  static constexpr std::string_view doc = "One HTTP request to be made.";
  static constexpr std::array fields = {
      field<&RequestDocument::target>("target", "whose base URL"),
      field<&RequestDocument::credential>("credential", "name of the one to attach"),
      field<&RequestDocument::sealed>("sealed",
                                      "id of the sealed value for `{sealed}` in the path"),
      field<&RequestDocument::host>("host", "site: its host name"),
      field<&RequestDocument::method>("method", "HTTP method"),
      field<&RequestDocument::path>("path", "with query, below the base URL"),
      field<&RequestDocument::headers>("headers", "further headers"),
      field<&RequestDocument::segment>("segment", "the body"),
      field<&RequestDocument::timeout_ms>("timeout_ms", "for the whole exchange"),
      field<&RequestDocument::body_max>("body_max", "bytes of the answer to keep"),
      field<&RequestDocument::spend>("spend", "without these units it is not sent"),
  };
};

/// One read that the core asks for.
struct NeedDocument {
  std::string key;
  ReadKind read{};
  std::optional<std::string> table;
  std::optional<std::string> id;
  std::optional<std::string> store;
  std::optional<std::string> query;
  std::optional<std::vector<Scalar>> params;
  std::optional<RequestDocument> request;
  std::optional<SpendDocument> spend;
};
template <>
struct describe<NeedDocument> {
  static constexpr std::string_view name = "NeedDocument";
  static constexpr std::string_view doc = "One read that the core asks for.";
  static constexpr std::array fields = {
      field<&NeedDocument::key>("key", "the fact carries it back"),
      field<&NeedDocument::read>("read", "what kind of read"),
      field<&NeedDocument::table>("table", "row: the table"),
      field<&NeedDocument::id>("id", "row, document: which one"),
      field<&NeedDocument::store>("store", "document: `d1` or `r2`; absent: wherever it is"),
      field<&NeedDocument::query>("query", "query: its name"),
      field<&NeedDocument::params>("params", "query: its parameters in order"),
      field<&NeedDocument::request>("request", "upstream: the request"),
      field<&NeedDocument::spend>("spend", "spend: what is to be given away"),
  };
};

struct RowsDocument {
  std::string table;
  int64_t segment = 0;
  std::optional<bool> must_be_new;
};
template <>
struct describe<RowsDocument> {
  static constexpr std::string_view name = "RowsDocument";
  static constexpr std::string_view doc = "Rows to insert or replace in one table.";
  static constexpr std::array fields = {
      field<&RowsDocument::table>("table", "the table"),
      field<&RowsDocument::segment>("segment", "array of {id, row}"),
      field<&RowsDocument::must_be_new>("must_be_new", "where an id is taken the commit is lost"),
  };
};

struct DeletesDocument {
  std::string table;
  int64_t segment = 0;
};
template <>
struct describe<DeletesDocument> {
  static constexpr std::string_view name = "DeletesDocument";
  static constexpr std::string_view doc = "Rows to delete from one table.";
  static constexpr std::array fields = {
      field<&DeletesDocument::table>("table", "the table"),
      field<&DeletesDocument::segment>("segment", "array of ids"),
  };
};

struct StoredDocument {
  std::string id;
  int64_t segment = 0;
  std::optional<std::string> store;
};
template <>
struct describe<StoredDocument> {
  static constexpr std::string_view name = "StoredDocument";
  static constexpr std::string_view doc = "A document to store if absent.";
  static constexpr std::array fields = {
      field<&StoredDocument::id>("id", "its key in the store"),
      field<&StoredDocument::segment>("segment", "its bytes"),
      field<&StoredDocument::store>("store", "`d1` or `r2`; absent: the configured one"),
  };
};

struct RemovedDocuments {
  std::string store;
  int64_t segment = 0;
};
template <>
struct describe<RemovedDocuments> {
  static constexpr std::string_view name = "RemovedDocuments";
  static constexpr std::string_view doc = "Documents to remove from one store.";
  static constexpr std::array fields = {
      field<&RemovedDocuments::store>("store", "`d1` or `r2`"),
      field<&RemovedDocuments::segment>("segment", "array of ids"),
  };
};

/// A promise to look at an aggregate later.
struct EffectDocument {
  std::string key;
  int64_t seq = 0;
  std::optional<int64_t> due_at_ms;
  std::optional<int64_t> again_at_ms;
};
template <>
struct describe<EffectDocument> {
  static constexpr std::string_view name = "EffectDocument";
  static constexpr std::string_view doc = "A promise to look at an aggregate later.";
  static constexpr std::array fields = {
      field<&EffectDocument::key>("key", "the aggregate"),
      field<&EffectDocument::seq>("seq", "events of the aggregate when this was decided"),
      field<&EffectDocument::due_at_ms>("due_at_ms", "when; absent: settled"),
      field<&EffectDocument::again_at_ms>("again_at_ms", "sent again from then on; absent: due"),
  };
};

/// A secret to be encrypted before it is stored.
struct SealDocument {
  std::string id;
  int64_t segment = 0;
};
template <>
struct describe<SealDocument> {
  static constexpr std::string_view name = "SealDocument";
  static constexpr std::string_view doc = "A secret to be encrypted before it is stored.";
  static constexpr std::array fields = {
      field<&SealDocument::id>("id", "what it is stored under"),
      field<&SealDocument::segment>("segment", "the secret's bytes"),
  };
};

struct CommitDocument {
  std::optional<int64_t> journal;
  std::optional<std::string> author;
  std::optional<std::vector<RowsDocument>> rows;
  std::optional<std::vector<DeletesDocument>> deletes;
  std::optional<int64_t> journal_cuts;
  std::optional<std::vector<StoredDocument>> documents;
  std::optional<std::vector<RemovedDocuments>> removed;
  std::optional<std::vector<SealDocument>> seals;
  std::optional<std::vector<EffectDocument>> effects;
  std::optional<std::vector<StopDocument>> stops;
};
template <>
struct describe<CommitDocument> {
  static constexpr std::string_view name = "CommitDocument";
  static constexpr std::string_view doc = "What to make true in one transaction.";
  static constexpr std::array fields = {
      field<&CommitDocument::journal>("journal", "segment: array of {aggregate, seq, event}"),
      field<&CommitDocument::journal_cuts>("journal_cuts",
                                           "segment: array of {aggregate, seq, event?}"),
      field<&CommitDocument::author>("author", "who caused the journal's events"),
      field<&CommitDocument::rows>("rows", "state rows, by table"),
      field<&CommitDocument::deletes>("deletes", "rows whose time is over"),
      field<&CommitDocument::documents>("documents", "written first"),
      field<&CommitDocument::removed>("removed", "documents that nobody needs there"),
      field<&CommitDocument::seals>("seals", "secrets, encrypted in the same transaction"),
      field<&CommitDocument::effects>("effects", "the outbox"),
      field<&CommitDocument::stops>("stops", "budgets that rest; not part of the transaction"),
  };
};

struct ActDocument {
  std::string key;
  std::optional<CommitDocument> commit;
  RequestDocument request;
};
template <>
struct describe<ActDocument> {
  static constexpr std::string_view name = "ActDocument";
  static constexpr std::string_view doc = "One outside write, after its write-ahead.";
  static constexpr std::array fields = {
      field<&ActDocument::key>("key", "the fact carries it back"),
      field<&ActDocument::commit>("commit", "the write-ahead"),
      field<&ActDocument::request>("request", "sent once"),
  };
};

/// A sealed value that the reply hands out.
struct SealedMember {
  std::string member;
  std::string id;
  std::string prefix;
};
template <>
struct describe<SealedMember> {
  static constexpr std::string_view name = "SealedMember";
  static constexpr std::string_view doc = "A sealed value that the reply hands out.";
  static constexpr std::array fields = {
      field<&SealedMember::member>("member", "added to the body's object under this name"),
      field<&SealedMember::id>("id", "what it is stored under"),
      field<&SealedMember::prefix>("prefix", "stands before it"),
  };
};

struct ReplyDocument {
  int64_t status = 0;
  Map<std::string> headers;
  int64_t segment = 0;
  std::optional<std::string> secret_member;
  std::optional<SealedMember> sealed_member;
};
template <>
struct describe<ReplyDocument> {
  static constexpr std::string_view name = "ReplyDocument";
  static constexpr std::string_view doc = "The answer for the caller.";
  static constexpr std::array fields = {
      field<&ReplyDocument::status>("status", "HTTP status"),
      field<&ReplyDocument::headers>("headers", "lower-case names"),
      field<&ReplyDocument::segment>("segment", "the body"),
      field<&ReplyDocument::secret_member>(
          "secret_member", "the fresh secret is added to the body's object under this name"),
      field<&ReplyDocument::sealed_member>("sealed_member", "a sealed value is added the same way"),
  };
};

struct HoldDocument {
  int64_t again_after_ms = 0;
  std::string token;
};
template <>
struct describe<HoldDocument> {
  static constexpr std::string_view name = "HoldDocument";
  static constexpr std::string_view doc = "The caller waits for a change: ask again.";
  static constexpr std::array fields = {
      field<&HoldDocument::again_after_ms>("again_after_ms", "sleep this long"),
      field<&HoldDocument::token>("token", "what the caller has seen"),
  };
};

struct DoneDocument {
  std::optional<CommitDocument> commit;
  std::optional<ReplyDocument> reply;
  std::optional<HoldDocument> hold;
};
template <>
struct describe<DoneDocument> {
  static constexpr std::string_view name = "DoneDocument";
  static constexpr std::string_view doc = "The decision.";
  static constexpr std::array fields = {
      field<&DoneDocument::commit>("commit", "what becomes true; absent: nothing"),
      field<&DoneDocument::reply>("reply", "only for requests"),
      field<&DoneDocument::hold>("hold", "only while the caller waits"),
  };
};

/// Segment 0 of an output frame: exactly one member.
struct OutputFrame {
  std::optional<std::vector<NeedDocument>> need;
  std::optional<ActDocument> act;
  std::optional<DoneDocument> done;
};
template <>
struct describe<OutputFrame> {
  static constexpr std::string_view name = "OutputFrame";
  static constexpr std::string_view doc = "Segment 0 of an output frame: exactly one member.";
  static constexpr std::array fields = {
      field<&OutputFrame::need>("need", "read these, then step again"),
      field<&OutputFrame::act>("act", "commit, send, then step again"),
      field<&OutputFrame::done>("done", "commit, then reply"),
  };
};

}  // namespace slipway
