#include "app/idempotency.hpp"

#include <algorithm>

#include "app/kept_reply.hpp"
#include "base/blake3.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= limits::idempotency_key_chars_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// What was asked, whoever asked: the parts that a caller chooses.
std::string digest_of(const Run& run) {
  const InputDocument& input = run.input();
  return blake3_hex(concat(to_json(input.params), to_json(input.query), run.body_bytes()));
}

Outcome replay(Run& run, KeptReplyRow kept) {
  if (kept.withheld) {
    return run.fail({ErrorCode::idempotency_not_replayable, *std::move(kept.withheld), {}});
  }
  kept.headers.members.emplace_back("idempotency-replayed", "true");
  return run.reply(kept.status, std::move(kept.body), std::move(kept.headers));
}

}  // namespace

std::optional<Outcome> recall(Run& run, const OperationInfo& operation) {
  const auto key = run.header("idempotency-key");
  // A body that was not kept cannot be compared; it is refused anyway.
  if (!key || operation.method != "POST" || run.input().body_too_large) return std::nullopt;
  if (!is_key(*key)) return run.fail({ErrorCode::idempotency_key_invalid, "", {}});
  const std::string id = concat(run.caller().author, "/", operation.name, "/", *key);
  auto kept = run.row<KeptReplyRow>(kept_reply_table, id);
  if (run.incomplete()) return run.need();
  std::string digest = digest_of(run);
  if (!kept) {
    run.keep_reply(id, std::move(digest));
    return std::nullopt;
  }
  if (kept->request_digest != digest) return run.fail({ErrorCode::idempotency_mismatch, "", {}});
  return replay(run, *std::move(kept));
}

}  // namespace slipway
