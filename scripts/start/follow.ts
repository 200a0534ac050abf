// Follows operations to their end. A demo site whose last attempt failed, because everything was
// killed in the middle of it, is deployed once more.
import type { Api, Operation, SiteProgress } from './api.ts';
import type { DemoPlatform } from './demo.ts';

/** How far one site is. */
export interface SiteStatus {
  readonly platformId: string;
  readonly environment: string;
  readonly progress: SiteProgress;
}

/** Told of every change. */
export type OnProgress = (status: SiteStatus) => void;

/** Creates the platform and follows it until every site is live or rests. */
export async function takeLive(
  api: Api,
  platform: DemoPlatform,
  wait_s: number,
  onProgress: OnProgress,
): Promise<SiteStatus[]> {
  const created = await api.create(platform);
  const first = await follow(api, created, wait_s, onProgress);
  const leftOver = first.filter((status) => isLeftOver(created, status));
  const again = await Promise.all(
    leftOver.map(async ({ environment }) => {
      const requested = await api.deploy(platform.platformId, environment, 'npm start');
      return follow(api, requested, wait_s, onProgress);
    }),
  );
  const repeated = again.flat();
  return first.map(
    (status) => repeated.find((other) => other.environment === status.environment) ?? status,
  );
}

// It failed in an attempt that an earlier start began.
function isLeftOver(created: Operation, { environment, progress }: SiteStatus): boolean {
  const before = created.sites.find((site) => site.environment === environment);
  const begun = before?.state === 'failed' || before?.deploymentId !== undefined;
  return progress.state === 'failed' && begun;
}

async function follow(
  api: Api,
  began: Operation,
  wait_s: number,
  onProgress: OnProgress,
): Promise<SiteStatus[]> {
  let operation = began;
  for (;;) {
    const { platformId } = operation;
    const statuses = operation.sites.map((progress) => {
      return { platformId, environment: progress.environment, progress };
    });
    for (const status of statuses) onProgress(status);
    if (
      operation.state !== 'running' &&
      operation.sites.every((site) => site.state !== 'running')
    ) {
      return statuses;
    }
    if (wait_s === 0) await new Promise((resolve) => setTimeout(resolve, 2_000));
    operation = await api.operation(operation.operationId, wait_s === 0 ? undefined : wait_s);
  }
}
