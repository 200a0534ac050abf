// The cron's look at the builder's runs: one list for all batches that wait for one. What it says
// of a run that has ended, or that was looked for, becomes true of its batch, which is looked at
// then.
#include <algorithm>

#include "app/follow_run.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/storage_names.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr std::string_view runs_row = "runs";

/// The last list as it was asked for. Not a journal's row: it only saves calls.
struct RunsRow {
  int64_t floor_ms = 0;
  std::string etag;
};

}  // namespace

template <>
struct describe<RunsRow> {
  static constexpr std::string_view name = "RunsRow";
  static constexpr std::string_view doc = "The last list of the builder's runs.";
  static constexpr std::array fields = {
      field<&RunsRow::floor_ms>("floor_ms", "runs from then on"),
      field<&RunsRow::etag>("etag", "of its answer"),
  };
};

namespace {

bool waits_for_run(const OpenBatch& batch) {
  return batch.state == BatchState::unknown || batch.state == BatchState::dispatched ||
         batch.state == BatchState::claimed;
}

/// From when on runs matter, in whole hours, so that one list is asked for again and again.
int64_t floor_of(const std::vector<OpenBatch>& open) {
  constexpr int64_t hour_ms = 3'600'000;
  int64_t floor_ms = open[0].floor_ms;
  for (const OpenBatch& batch : open) floor_ms = std::min(floor_ms, batch.floor_ms);
  return floor_ms / hour_ms * hour_ms;
}

const OpenBatch* batch_of(const std::vector<OpenBatch>& open, const github::Run& at_github) {
  const auto same = std::find_if(open.begin(), open.end(), [&](const OpenBatch& batch) {
    if (batch.run_id) return *batch.run_id == to_text(at_github.id);
    return batch.dispatch_key && github::has_key(at_github, *batch.dispatch_key);
  });
  return same == open.end() ? nullptr : &*same;
}

/// A run of the list that may say something new of a batch.
struct News {
  const github::Run* at_github;
  const OpenBatch* batch;
};

/// At most one run for each batch: where two were started with one key, the oldest is its own.
std::vector<News> news_in(const github::RunPage& page, const std::vector<OpenBatch>& open) {
  std::vector<News> out;
  for (const github::Run& at_github : page.workflow_runs) {
    const OpenBatch* batch = batch_of(open, at_github);
    if (batch == nullptr) continue;
    if (at_github.status != "completed" && batch->state != BatchState::unknown) continue;
    const auto known = std::find_if(out.begin(), out.end(),
                                    [&](const News& other) { return other.batch == batch; });
    if (known == out.end()) {
      out.push_back({&at_github, batch});
    } else if (at_github.id < known->at_github->id) {
      known->at_github = &at_github;
    }
  }
  return out;
}

/// What the list says of the batch, if that is news.
void tell(Run& run, BatchRow& batch, const github::Run& at_github) {
  Draft& draft = run.draft();
  if (batch.state == BatchState::unknown) {
    draft.record(batch, BatchDispatched{to_text(at_github.id), at_github.html_url});
    draft.look_at(batch, run.now_ms());
  }
  const BatchRunSeen news = seen(at_github);
  if (!news.conclusion || batch.run_ended || !allows(batch, news)) return;
  draft.record(batch, news);
  draft.look_at(batch, run.now_ms());
}

}  // namespace

Outcome watch_runs(Run& run) {
  const auto level = run.row<StorageLevelRow>("upkeep", "schema");
  auto open = run.query<OpenBatch>("batches_open", {number(limits::open_batches_max)});
  if (run.incomplete()) return run.need();
  std::erase_if(open, [](const OpenBatch& batch) { return !waits_for_run(batch); });
  const std::string_view wake = run.setting("BUILDER_WAKE");
  const bool watched = run.has_credential("github") && wake != "none" && wake != "deploy_hook";
  if (open.empty() || !watched || (level && level->level > storage_level)) return run.done();

  RunsRow last = run.row<RunsRow>("upkeep", runs_row).value_or(RunsRow{});
  if (run.incomplete()) return run.need();
  const int64_t floor_ms = floor_of(open);
  const std::string etag = last.floor_ms == floor_ms ? last.etag : "";
  const Answer* list = run.ask("look:runs", github::list_runs(run.builder(), floor_ms, etag));
  if (list == nullptr) return run.need();
  const auto page = run.read_answer<github::RunPage>(*list);
  if (classify(*list) != Verdict::ok || !page) return run.done();

  const std::vector<News> news = news_in(*page, open);
  std::vector<std::optional<BatchRow>> rows;
  rows.reserve(news.size());
  for (const News& each : news) rows.push_back(run.row<BatchRow>("batch", each.batch->id));
  if (run.incomplete()) return run.need();
  for (size_t i = 0; i < news.size(); ++i) {
    if (rows[i]) tell(run, *rows[i], *news[i].at_github);
  }
  const std::string answered(list->header("etag").value_or(""));
  run.draft().write("upkeep", runs_row, to_json(RunsRow{floor_ms, answered}));
  return run.done();
}

}  // namespace slipway
