#include "app/reply_wish.hpp"

#include "app/operation_view.hpp"
#include "base/text.hpp"

namespace slipway {

Outcome reply_wish(Run& run, std::string_view kind, const SiteRow& site, int64_t wish_seq) {
  const OperationSite wish{site_id(site.platform_id, site.environment), wished_revision(site),
                           wish_seq};
  const OperationRow operation{
      run.new_id("op_"), std::string(kind), site.platform_id, {wish}, run.now_ms()};
  run.draft().insert(operation);
  Map<std::string> headers;
  headers.members.emplace_back("location", concat("/api/v1/operations/", operation.id));
  return run.reply(202, to_json(view_of(operation, {site})), std::move(headers));
}

}  // namespace slipway
