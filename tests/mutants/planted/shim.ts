// Planted in the shim: the loop, its interpreters, storage and what is sent outside.
import type { Mutant } from '../mutant.ts';

const commit = 'worker-shim/interpret/commit.ts';
const statements = 'worker-shim/storage/statements.ts';

/** Bugs of the shim. */
export const shim_mutants: readonly Mutant[] = [
  {
    name: 'journal_without_its_key',
    harm: 'two runs that decided from one state both come true: two builds, a change undone',
    file: 'worker-shim/migrations/0001_state.sql',
    find: '  UNIQUE (aggregate, seq)\n',
    replace: '  CHECK (seq > 0)\n',
    caught_by: ['tests/workerd/commit.test.ts', 'sim'],
  },
  {
    name: 'lost_race_is_success',
    harm: 'a change is answered 2xx although another run came first and it was undone',
    file: commit,
    find: `(errorText(error))) {
      return false;`,
    replace: `(errorText(error))) {
      return true;`,
    caught_by: ['tests/workerd/commit.test.ts', 'sim'],
  },
  {
    name: 'failed_commit_is_success',
    harm: 'a change is answered 2xx although the database has refused it',
    file: commit,
    find: '    throw error;\n',
    replace: '    return true;\n',
    caught_by: ['tests/node/faults/storage.test.ts', 'sim'],
  },
  {
    name: 'reply_before_commit',
    harm: 'a change is answered 2xx, and is lost with the isolate',
    file: 'worker-shim/run.ts',
    find: `!(await commit(world, nextCommit(), wanted, segments))`,
    replace: `commit(world, nextCommit(), wanted, segments) === undefined`,
    caught_by: ['tests/node/crash/main_job.test.ts', 'sim'],
  },
  {
    name: 'lost_answer_of_a_commit_is_failure',
    harm: 'what was stored is told to have failed, and done again',
    file: commit,
    find: 'if (ours.length > 0) {',
    replace: 'if (ours.length > 1) {',
    caught_by: ['tests/node/faults/storage.test.ts'],
  },
  {
    name: 'outbox_skipped',
    harm: 'one lost queue message, and a site is never built',
    file: commit,
    find: 'if (effects.length > 0) {',
    replace: 'if (effects.length > 1) {',
    caught_by: ['tests/node/crash/main_job.test.ts', 'sim'],
  },
  {
    name: 'sent_before_written_down',
    harm: 'a kill right after a request, and it is sent again: two projects, two builds',
    file: 'worker-shim/interpret/act.ts',
    find: `act.commit !== undefined && !(await commit(world, identity, act.commit, segments))) {
    return undefined;
  }
  if (prepared === undefined) {
    return { key: act.key, outcome: 'lost', detail: 'unsealed' };
  }
  const { fact, bytes } = await send(world.ports, prepared);
`,
    replace: `prepared === undefined) {
    return { key: act.key, outcome: 'lost', detail: 'unsealed' };
  }
  const { fact, bytes } = await send(world.ports, prepared);
  if (act.commit !== undefined && !(await commit(world, identity, act.commit, segments))) {
    return undefined;
  }
`,
    caught_by: ['tests/node/crash/main_job.test.ts', 'sim'],
  },
  {
    name: 'document_after_its_commit',
    harm: 'a configuration is called stored, and its text is not in the bucket',
    file: commit,
    find: 'await store.putAllIfAbsent(stored);',
    replace: 'setTimeout(() => store.putAllIfAbsent(stored).catch(() => undefined));',
    caught_by: ['tests/node/store', 'tests/node/crash', 'tests/workerd/storage.test.ts', 'sim'],
  },
  {
    name: 'message_of_a_failure_acknowledged',
    harm: 'what failed once is left to the cron, and a site stands still for minutes',
    file: 'worker-shim/triggers/queue.ts',
    find: 'await run(world, inputOf(copies[0]?.body));\n    for',
    replace: 'await run(world, inputOf(copies[0]?.body)).catch(() => undefined);\n    for',
    caught_by: ['tests/node/faults/queue.test.ts', 'tests/workerd/triggers.test.ts', 'sim'],
  },
  {
    name: 'cron_forgets_the_overdue',
    harm: 'a lost queue message is never sent again',
    file: statements,
    find: 'send_at_ms <= ?1 ORDER BY send_at_ms',
    replace: 'send_at_ms >= ?1 ORDER BY send_at_ms',
    caught_by: ['tests/node/faults/queue.test.ts', 'sim'],
  },
  {
    name: 'older_promise_wins',
    harm: 'a late write undoes the newer promise, and nobody looks at the site again',
    file: statements,
    find: '  WHERE excluded.seq >= outbox.seq`',
    replace: '  WHERE true`',
    caught_by: ['tests/workerd/storage.test.ts', 'tests/workerd/commit.test.ts', 'sim'],
  },
  {
    name: 'ledger_gives_twice',
    harm: 'Cloudflare and GitHub are called without end, and shut the account out',
    file: statements,
    find: 'paced_ms = max(paced_ms, ?2 - ?4) + ?3, last_ms',
    replace: 'paced_ms = max(paced_ms, ?2 - ?4), last_ms',
    caught_by: ['tests/node/faults/ledgers.test.ts'],
  },
  {
    name: 'budget_not_heeded',
    harm: 'the same, of every request that the Worker sends',
    file: 'worker-shim/upstream/send.ts',
    find: "if (spent.outcome === 'deferred') {",
    replace: "if (spent.outcome !== 'deferred' && spent.outcome !== 'granted') {",
    caught_by: ['tests/node/faults/ledgers.test.ts'],
  },
  {
    name: 'lost_request_sent_again',
    harm: 'a request whose answer was lost is repeated at once: two builds of one change',
    file: 'worker-shim/upstream/send.ts',
    find: `  if (source === undefined) {
    return await sendOnce(ports, prepared);`,
    replace: `  if (source === undefined) {
    const first = await sendOnce(ports, prepared);
    return first.fact.outcome === 'lost' ? await sendOnce(ports, prepared) : first;`,
    caught_by: ['tests/workerd/send.test.ts', 'tests/node/faults/upstream.test.ts', 'sim'],
  },
  {
    name: 'redirect_followed',
    harm: 'an upstream sends the Worker, with its token, to any address',
    file: 'worker-shim/upstream/send.ts',
    find: "redirect: 'manual'",
    replace: "redirect: 'follow'",
    caught_by: ['tests/node/security/ssrf.test.ts', 'tests/workerd/send.test.ts'],
  },
  {
    name: 'site_host_of_a_private_network',
    harm: 'a tenant makes the Worker read a machine of its neighbourhood',
    file: 'worker-shim/upstream/send.ts',
    find: ' || private_host.test(host)) {',
    replace: ') {',
    caught_by: ['tests/node/security/ssrf.test.ts'],
  },
  {
    name: 'token_in_an_error',
    harm: 'what an upstream repeats of a token is stored, and shown to everyone',
    file: 'bindings/js/exchange.ts',
    find: '    struckBytes(bytes, struck);\n',
    replace: '',
    caught_by: ['tests/node/security/markers.test.ts', 'tests/node/access/secrets.test.ts'],
  },
];
