// What is asked of the Workers: the builder's config fetches, creates, webhooks, reads of status.
import {
  admin,
  type BothWorkers,
  builder,
  creations,
  etagOf,
  webhook_secret,
} from '../../bench/requests_bench.ts';
import type { StartedWorker } from '../../bench/workerd/start.ts';
import { type Delivery, deliveryOf, keyOfBatch } from './deliveries.ts';
import type { Kind } from './turn.ts';

/** A kind of request with its name. Without `plain` only ours knows it. */
export interface Named {
  readonly name: string;
  readonly ours: Kind;
  readonly plain?: Kind;
}

const config = '/api/v1/platforms/acme/config';
const fetch_config = { method: 'GET', path: config, status: 200, headers: builder } as const;
const create = { method: 'POST', path: '/api/v1/platforms', headers: admin, status: 202 } as const;
const webhook = { method: 'POST', path: '/webhooks/github', headers: {}, status: 204 } as const;

/** Every kind, for Workers that both have the platform `acme`. */
export async function kindsFor(both: BothWorkers): Promise<Named[]> {
  const body = (bytes: number, prefix: string): NonNullable<Kind['next']> => {
    const next = creations(bytes, prefix);
    return () => ({ body: next() });
  };
  const unchanged = async (worker: StartedWorker): Promise<Kind> => ({
    ...fetch_config,
    status: 304,
    headers: { ...builder, 'if-none-match': await etagOf(worker, config) },
  });
  return [
    { name: 'config fetch, 4 KB', ours: fetch_config, plain: fetch_config },
    {
      name: 'config fetch, 304',
      ours: await unchanged(both.ours),
      plain: await unchanged(both.plain),
    },
    {
      name: 'platform create, 4 KB',
      ours: { ...create, next: body(4096, 'ours') },
      plain: { ...create, next: body(4096, 'plain') },
    },
    ...webhookKinds(),
    ...(await statusKinds(both.ours)),
  ];
}

// Of each planted batch: first the delivery that is news, then the same bytes again.
function webhookKinds(): Named[] {
  const told: Delivery[] = [];
  let number = 0;
  let repeat = 0;
  const news = (): Delivery => {
    number += 1;
    const run = {
      id: number,
      title: `${keyOfBatch(number)} main-dev`,
      action: 'completed',
    } as const;
    const delivery = deliveryOf(run, webhook_secret);
    told.push(delivery);
    return delivery;
  };
  const again = (): Delivery => {
    repeat += 1;
    return told[repeat % told.length] ?? news();
  };
  let stranger = 0;
  const foreign = (): Delivery => {
    stranger += 1;
    const run = { id: stranger, title: 'a run by hand', action: 'completed' } as const;
    return deliveryOf(run, webhook_secret);
  };
  return [
    { name: 'webhook, news of a run', ours: { ...webhook, next: news } },
    { name: 'webhook, delivered again', ours: { ...webhook, next: again } },
    { name: 'webhook, of no batch', ours: { ...webhook, next: foreign } },
    { name: 'webhook, forged', ours: { ...webhook, status: 401, next: () => forged(foreign()) } },
  ];
}

function forged({ body, headers }: Delivery): Delivery {
  return { body, headers: { ...headers, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } };
}

async function statusKinds({ url }: StartedWorker): Promise<Named[]> {
  const environments = ['dev', 'prod'];
  const created = await fetch(`${url}/api/v1/platforms`, {
    method: 'POST',
    headers: admin,
    body: JSON.stringify({ platformId: 'status-reads', environments }),
  });
  const { operationId } = (await created.json()) as { operationId: string };
  const read = (name: string, path: string): Named => ({
    name,
    ours: { method: 'GET', path, headers: admin, status: 200 },
  });
  return [
    read('platform read', '/api/v1/platforms/acme'),
    read('operation read', `/api/v1/operations/${operationId}`),
    read('platform list, 50', '/api/v1/platforms?limit=50'),
  ];
}
