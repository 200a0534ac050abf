// What the budgets are measured on: whole steps of the main job, from the golden files, and some
// of them with as much data as a large customer has.
import type { InputControl } from '../../../bindings/js/control.ts';
import {
  bytesOf,
  decodeFrame,
  encodeFrame,
  segmentAt,
  textOf,
} from '../../../bindings/js/frame.ts';
import { controlOf } from '../golden/describe.ts';
import { goldenFrames } from '../golden/golden.ts';

/** One step to measure. */
export interface Workload {
  readonly name: string;
  readonly input: Uint8Array;
  /** What must stand in the output's control document: that the step does what it is called. */
  readonly expected: RegExp;
}

const golden = goldenFrames();

/** The input of a golden file. @throws Error when there is no such file */
function inputOf(name: string): Uint8Array {
  const found = golden.find((frame) => frame.name === name);
  if (found === undefined) throw new Error(`there is no golden file ${name}`);
  return found.input;
}

function withSegment(frame: Uint8Array, number: number | undefined, bytes: Uint8Array): Uint8Array {
  if (number === undefined) throw new Error('the frame has no such segment');
  const segments = decodeFrame(frame);
  segmentAt(segments, number);
  return encodeFrame(segments.with(number, bytes));
}

function segmentOf(frame: Uint8Array, key: string): number {
  const { facts } = controlOf<InputControl>(decodeFrame(frame));
  const segment = facts.find((fact) => fact.key === key)?.segment;
  if (segment === undefined) throw new Error(`the frame has no fact ${key} with bytes`);
  return segment;
}

// A configuration of 64 KiB: 160 variables of 350 bytes, with characters that need escaping.
function withLargeConfig(frame: Uint8Array): Uint8Array {
  const value = 'a "quoted" word, '.repeat(24).slice(0, 350);
  const names = Array.from({ length: 160 }, (_, index) => [`VARIABLE_${index}`, value]);
  const config = {
    features: { features: {} },
    env: { default: Object.fromEntries(names) },
    auth: { default: { provider: 'none' } },
  };
  const body = { platformId: 'acme', name: 'Acme', environments: ['dev'], config };
  const { input } = controlOf<InputControl>(decodeFrame(frame));
  const number = input.kind === 'request' ? input.body : undefined;
  return withSegment(frame, number, bytesOf(JSON.stringify(body)));
}

// The most memory that a body of 1 MiB can take: every value is escaped, and all defaults are
// written again for each environment.
function withLargestConfig(frame: Uint8Array): Uint8Array {
  const value = `${'"'.repeat(2000)}${'x'.repeat(1100)}`;
  const names = Array.from({ length: 190 }, (_, index) => [`VARIABLE_${index}`, value]);
  const own = { VARIABLE_0: 'own' };
  const config = {
    features: { features: {} },
    env: { default: Object.fromEntries(names), dev: own, stg: own, prod: own },
    auth: { default: { provider: 'none' } },
  };
  const body = { platformId: 'acme', name: 'Acme', environments: ['dev', 'stg', 'prod'], config };
  const { input } = controlOf<InputControl>(decodeFrame(frame));
  const number = input.kind === 'request' ? input.body : undefined;
  return withSegment(frame, number, bytesOf(JSON.stringify(body)));
}

// GitHub's list with foreign runs before ours, until it has `bytes`.
function withRunsPage(frame: Uint8Array, bytes: number): Uint8Array {
  const number = segmentOf(frame, 'look:runs');
  const page = JSON.parse(textOf(segmentAt(decodeFrame(frame), number))) as {
    workflow_runs: { id: number; display_title: string }[];
  };
  const [ours] = page.workflow_runs;
  if (ours === undefined) throw new Error('the page has no run');
  const runs = [ours];
  while (JSON.stringify({ ...page, workflow_runs: runs }).length < bytes) {
    runs.unshift({ ...ours, id: ours.id + runs.length, display_title: 'manual dev' });
  }
  const whole = { ...page, total_count: runs.length, workflow_runs: runs };
  return withSegment(frame, number, bytesOf(JSON.stringify(whole)));
}

const create = inputOf(
  'platform_create/202-account_registered-platform_created-config_stored-site_planned',
);
const search = inputOf('effect_batch/done-batch_dispatched.after-runs_200');

/** The fixed list. */
export const workloads: readonly Workload[] = [
  { name: 'healthz', input: inputOf('healthz/200'), expected: /"status":200/ },
  { name: 'platform_create', input: create, expected: /"status":202/ },
  {
    name: 'platform_create, body of 1 MiB',
    input: withLargestConfig(create),
    expected: /"status":202/,
  },
  {
    name: 'platform_create, configuration of 64 KB',
    input: withLargeConfig(create),
    expected: /"status":202/,
  },
  {
    name: 'platform_create, faulty configuration',
    input: inputOf('platform_create/422-config.invalid'),
    expected: /"status":422/,
  },
  { name: 'config_read', input: inputOf('config_read/200.full'), expected: /"status":200/ },
  {
    name: 'batch_claim',
    input: inputOf('batch_claim/200-batch_claimed-deployment_running'),
    expected: /"status":200/,
  },
  {
    name: 'effect on a batch, 30 KB of runs',
    input: withRunsPage(search, 30_000),
    expected: /"journal":/,
  },
  {
    name: 'effect on a batch, 1 MB of runs',
    input: withRunsPage(search, 1_000_000),
    expected: /"journal":/,
  },
  {
    name: 'effect on a site, bytes compared',
    input: inputOf('effect_site/done-deployment_verifying-deployment_live.after-file_200'),
    expected: /"journal":/,
  },
  { name: 'operation_read', input: inputOf('operation_read/200.full'), expected: /"status":200/ },
];
