// What the webhook tests share: a fleet with a secret, and deliveries as GitHub makes them.
import { createHmac } from 'node:crypto';
import type { Answer } from '../crash/fleet.ts';
import { type BatchRow, batches, type FaultyFleet } from '../faults/support.ts';

/** The secret that instances of these tests have. */
export const secret = "It's a Secret to Everybody";

/** The variables with the secret. */
export const variables: Readonly<Record<string, string>> = { GITHUB_WEBHOOK_SECRET: secret };

/** The signature's header for a body. */
export function signed(body: string, by = secret): Record<string, string> {
  const digest = createHmac('sha256', by).update(body).digest('hex');
  return {
    'x-github-event': 'workflow_run',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': `sha256=${digest}`,
  };
}

/** An event of a run with this title, as GitHub sends it; most of what stands in it is left out. */
export function event(action: string, id: number, title: string, more: object = {}): string {
  const status = action === 'completed' ? 'completed' : 'queued';
  return JSON.stringify({
    action,
    workflow_run: {
      id,
      name: 'Build and Deploy Platform',
      display_title: title,
      event: 'workflow_dispatch',
      status,
      conclusion: action === 'completed' ? 'success' : null,
      html_url: `https://github.com/neutrino-io/nno-platform-builder/actions/runs/${id}`,
      run_attempt: 1,
      pull_requests: [],
    },
    workflow: { name: 'Build and Deploy Platform', badge_url: 'https://github.com' },
    repository: { id: 5, full_name: 'neutrino-io/nno-platform-builder', private: true },
    sender: { login: 'slipway[bot]' },
    ...more,
  });
}

/** Sends a body, signed unless other headers are given. */
export function deliver(
  fleet: FaultyFleet,
  body: string,
  headers: Readonly<Record<string, string>> = signed(body),
): Promise<Answer> {
  return fleet.api('POST', '/webhooks/github', body, '', headers);
}

/** The one batch, and when it is looked at next; undefined: no more. */
export function onlyBatch(fleet: FaultyFleet): BatchRow & { readonly due_ms: number | undefined } {
  const [batch] = batches(fleet);
  if (batch === undefined) throw new Error('there is no batch');
  const found = fleet.db.sqlite
    .prepare('SELECT due_at_ms FROM outbox WHERE effect_key = ?')
    .get(`batch:${batch.id}`);
  const due = found?.due_at_ms;
  return { ...batch, due_ms: typeof due === 'number' ? due : undefined };
}
