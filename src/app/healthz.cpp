// GET /healthz: the Worker and its core answer. No storage is touched.
#include "app/operations.hpp"
#include "app/views.hpp"

namespace slipway {

Outcome healthz(Run& run) { return run.reply(200, to_json(HealthView{"ok"})); }

}  // namespace slipway
