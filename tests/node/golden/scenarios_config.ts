// Changes of a configuration: written, switched, restored, read and compared, and refused.
import type { Core } from '../../../bindings/js/core.ts';
import { openFleet } from '../faults/support.ts';

const platform = '/api/v1/platforms/acme';
const config = `${platform}/config`;

const documents = {
  features: {
    features: { billing: { enabled: true }, reports: { enabled: true, requires: ['billing'] } },
    stacks: { search: { enabled: false } },
  },
  env: { default: { APP_NAME: 'Acme' } },
  auth: { default: { provider: 'none' } },
};

const readable = {
  featuresConfig: 'export const featuresConfig = { features: { chat: { enabled: true } } };\n',
  envConfig: "export default { APP_NAME: 'Acme' } as const;\n",
  authConfig: "export const authConfig = { provider: 'none' };\n",
};

type Call = readonly [method: string, path: string, body?: unknown, match?: string];

const calls: readonly Call[] = [
  ['PUT', config, documents],
  ['PUT', config, documents, '"1-0000000000000000"'],
  ['PUT', `${config}?dryRun=true`, documents, '*'],
  ['PUT', config, { ...documents, reason: 'structured' }, '*'],
  ['PUT', config, documents, '*'],
  ['PUT', config, { ...documents, env: { default: { A_TOKEN: 'x' } } }, '*'],
  ['PUT', config, { features: documents.features }, '*'],
  ['PUT', config, { ...documents, reason: '' }, '*'],
  ['PUT', '/api/v1/platforms/other/config', documents, '*'],
  ['PUT', config, '{', '*'],
  ['POST', `${platform}/features/activate`, { featureId: 'chat', options: { rooms: 3 } }],
  ['POST', `${platform}/features/activate`, { featureId: 'chat' }],
  ['POST', `${platform}/features/activate`, { featureId: 'Chat Room' }],
  ['POST', `${platform}/features/activate`, {}],
  ['POST', `${platform}/features/deactivate`, { featureId: 'billing' }],
  ['POST', `${platform}/features/deactivate`, { featureId: 'nothing' }],
  ['POST', `${platform}/features/deactivate`, { featureId: 'reports', reason: 'unused' }],
  ['POST', `${platform}/features/deactivate`, { feature: 'reports' }],
  ['POST', `${platform}/stacks/provision`, { stackId: 'search' }],
  ['POST', `${platform}/stacks/provision`, { stackId: 1 }],
  ['POST', `${platform}/stacks/deactivate`, { stackId: 'search' }],
  ['POST', `${platform}/stacks/deactivate`, { stackId: 'nothing' }],
  ['PUT', config, readable, '*'],
  ['PUT', config, { ...readable, envConfig: 'export default { A: process.env.A };' }, '*'],
  ['PUT', config, { ...readable, envConfig: "export default { A_SECRET: 'x' };" }, '*'],
  ['POST', `${platform}/features/activate`, { featureId: 'chat' }],
  ['GET', `${config}/versions?limit=3`],
  ['GET', `${config}/versions?limit=0`],
  ['GET', '/api/v1/platforms/other/config/versions'],
  ['GET', `${config}/versions/2`],
  ['GET', `${config}/versions/99`],
  ['GET', '/api/v1/platforms/other/config/versions/1'],
  ['GET', `${config}/versions/3/diff`],
  ['GET', `${config}/versions/3/diff?from=1`],
  ['GET', `${config}/versions/1/diff`],
  ['POST', `${config}/versions/1/restore`, { reason: 'back' }],
  ['POST', `${config}/versions/7/restore`],
  ['POST', `${config}/versions/99/restore`],
  ['POST', `${config}/versions/1/restore`, { why: 'back' }],
];

/** Plays all of it; what every operation answers without a key, too. */
export async function playConfig(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await fleet.api('POST', '/api/v1/platforms', { platformId: 'acme', environments: ['dev'] });
  for (const [method, path, body, match] of calls) {
    const headers = match === undefined ? {} : { 'if-match': match };
    await fleet.api(method, path, body, 'admin-key', headers);
    await fleet.api(method, path, body, 'wrong', headers);
  }
}
