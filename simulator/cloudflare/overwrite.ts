// Drift: the production alias serves something else than what was deployed.

import { deploymentsOf, findProject, keys, type World } from './model.ts';
import { servedAt } from './stages.ts';

/** The file by which a site says what it is. */
const MANIFEST = '/.well-known/slipway.json';

/** Puts other bytes behind the production alias of every project called `name`. */
export function overwrite(world: World, name: string): void {
  let found = false;
  for (const { id } of world.accounts) {
    const project = findProject(world, id, name);
    const deployments = project === undefined ? [] : deploymentsOf(world, project);
    const served = project && servedAt(project, deployments, world.clock.now());
    if (project === undefined || served === undefined) continue;
    found = true;
    world.store.put(keys.deployment(project.id, served.id), { ...served, overwritten: true });
  }
  if (!found) throw new RangeError(`no project ${name} serves anything`);
}

/** What stands there in place of the file: a manifest of nobody, and otherwise altered bytes. */
export function otherBytes(file: string, bytes: Uint8Array): Uint8Array {
  if (file === MANIFEST) return Buffer.from('{"deployment":"dep_of_someone_else","files":{}}');
  return Buffer.concat([bytes, Buffer.from('\n')]);
}
