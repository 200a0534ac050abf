// The offline check: the core of the Worker is asked about the very request, with nothing known.
// What it refuses then, it refuses for what the request is. No rule is written here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from '../bindings/generated/operations.ts';
import type { InputControl, OutputControl } from '../bindings/js/control.ts';
import type { Core } from '../bindings/js/core.ts';
import { bytesOf, decodeFrame, encodeFrame, segmentAt, textOf } from '../bindings/js/frame.ts';
import { loadCore } from '../bindings/js/load_node.ts';

/** A request as the core sees it. */
export interface Question {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A refusal: its status and its problem document. */
export interface Refusal {
  readonly status: number;
  readonly problem: unknown;
}

/** The core of this checkout; undefined where it is not built. */
export function coreOf(root: string): Core | undefined {
  const path = join(root, 'build/core.wasm');
  return existsSync(path) ? loadCore(path) : undefined;
}

// What the instance has of its own is not the request's fault: everything counts as configured.
const settings = {
  CONFIG_STORE: 'd1',
  CF_ACCOUNT_NAME: 'main',
  CF_ACCOUNT_ID: '0'.repeat(32),
  GITHUB_OWNER: 'owner',
  GITHUB_BUILDER_REPOSITORY: 'builder',
  GITHUB_BUILDER_WORKFLOW: 'build.yml',
  GITHUB_BUILDER_REF: 'main',
  PUBLISHING_GITHUB_OWNER: 'owner',
  PUBLISHING_GITHUB_REPOSITORY: 'site',
  PUBLISHING_BRANCH: 'main',
};
const credentials = ['github', 'cloudflare:main', 'sealing'];
// Any instant will do, and any entropy: nothing of them is kept.
const now_ms = 1_800_000_000_000;

/**
 * One step of the core. It answers at once only where it needs to know nothing: then the request
 * itself is at fault. The Idempotency-Key is left out: the core would look for its reply first.
 */
export function refusalOf(core: Core, question: Question): Refusal | undefined {
  const { operation, params, query, body } = question;
  const { 'idempotency-key': _, ...headers } = question.headers;
  const bytes = body === undefined ? undefined : bytesOf(body);
  const cut = bytes !== undefined && bytes.length > operation.body_bytes_max;
  const sent = bytes === undefined || cut ? [] : [bytes];
  const control: InputControl = {
    now_ms,
    received_ms: now_ms,
    entropy: '0'.repeat(32),
    settings,
    credentials,
    input: {
      kind: 'request',
      operation: operation.name,
      params,
      query,
      headers,
      principal: { kind: 'admin' },
      body_too_large: cut,
      ...(sent.length === 0 ? {} : { body: 1 }),
    },
    facts: [],
  };
  const segments = decodeFrame(core.step(encodeFrame([bytesOf(JSON.stringify(control)), ...sent])));
  const { done } = JSON.parse(textOf(segmentAt(segments, 0))) as OutputControl;
  const reply = done?.reply;
  // 5xx is about the instance: that one says it better.
  if (reply === undefined || reply.status < 400 || reply.status >= 500) return undefined;
  const text = reply.segment === undefined ? '{}' : textOf(segmentAt(segments, reply.segment));
  return { status: reply.status, problem: JSON.parse(text) };
}
