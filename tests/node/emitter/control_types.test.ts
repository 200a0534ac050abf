// The control documents as the shim uses them (unions that say which members go together) against
// those that the core reads and writes (one flat table each). The compiler does the comparing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type * as core from '../../../bindings/generated/control.ts';
import type * as shim from '../../../bindings/js/control.ts';

type KeysOf<T> = T extends unknown ? keyof T : never;
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? NonNullable<T[K]> : never) : never;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** True when the union `Shim` has the members of `Core`, no other. */
type SameKeys<Shim, Core> = Same<KeysOf<Shim>, KeysOf<Core>>;

/** Members whose value in the shim is none that the core's table allows. `Nested` is left out. */
type Mistyped<Shim, Core, Nested = never> = {
  [K in Exclude<keyof Core, Nested>]: [ValueOf<Shim, K>] extends [NonNullable<Core[K]>] ? never : K;
}[Exclude<keyof Core, Nested>];

/** Compiles for true only. */
function holds<T extends true>(value: T): boolean {
  return value;
}

/** Compiles for never only: K names the members that differ. */
function none<K extends never>(...names: readonly K[]): boolean {
  return names.length === 0;
}

test('every control document has the members of the core, no other', () => {
  const same = [
    holds<SameKeys<shim.InputControl, core.InputFrame>>(true),
    holds<SameKeys<shim.Input, core.InputDocument>>(true),
    holds<SameKeys<shim.Principal, core.Principal>>(true),
    holds<SameKeys<shim.Fact, core.FactDocument>>(true),
    holds<SameKeys<shim.OutputControl, core.OutputFrame>>(true),
    holds<SameKeys<shim.Need, core.NeedDocument>>(true),
    holds<SameKeys<shim.UpstreamRequest, core.RequestDocument>>(true),
    holds<SameKeys<shim.Act, core.ActDocument>>(true),
    holds<SameKeys<shim.Commit, core.CommitDocument>>(true),
    holds<SameKeys<shim.Effect, core.EffectDocument>>(true),
    holds<SameKeys<shim.Done, core.DoneDocument>>(true),
    holds<SameKeys<shim.Reply, core.ReplyDocument>>(true),
    holds<SameKeys<shim.Hold, core.HoldDocument>>(true),
  ];
  assert.ok(same.every((each) => each));
});

test('members have values of the same types', () => {
  const same = [
    none<Mistyped<shim.InputControl, core.InputFrame, 'input' | 'facts'>>(),
    none<Mistyped<shim.Input, core.InputDocument, 'query'>>(),
    none<Mistyped<shim.Principal, core.Principal>>(),
    none<Mistyped<shim.Fact, core.FactDocument>>(),
    none<Mistyped<shim.Need, core.NeedDocument, 'request'>>(),
    none<Mistyped<shim.UpstreamRequest, core.RequestDocument>>(),
    none<Mistyped<shim.Act, core.ActDocument, 'request'>>(),
    none<Mistyped<shim.Commit, core.CommitDocument>>(),
    none<Mistyped<shim.Effect, core.EffectDocument>>(),
    none<Mistyped<shim.Done, core.DoneDocument, 'reply'>>(),
    none<Mistyped<shim.Reply, core.ReplyDocument>>(),
    none<Mistyped<shim.Hold, core.HoldDocument>>(),
  ];
  assert.ok(same.every((each) => each));
});

test('the unions name every kind that the core knows', () => {
  const same = [
    holds<Same<shim.Input['kind'], core.InputKind>>(true),
    holds<Same<shim.Need['read'], core.ReadKind>>(true),
    holds<Same<shim.Fact['outcome'], core.FactOutcome>>(true),
    holds<Same<shim.Principal['kind'], core.PrincipalKind>>(true),
    holds<Same<shim.UpstreamRequest['target'], core.Target>>(true),
  ];
  assert.ok(same.every((each) => each));
});

test('docs/frames.md names every member of every control document', () => {
  const read = (path: string): string =>
    readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
  const page = read('docs/frames.md');
  const names = [...read('bindings/generated/control.ts').matchAll(/^ {2}readonly (\w+)\??:/gm)];
  assert.ok(names.length > 50);
  const silent = names.map(([, name]) => name ?? '').filter((name) => !page.includes(name));
  assert.deepEqual([...new Set(silent)], []);
});
