// Act: one outside write. What must be remembered of it is committed before it is sent; it is sent
// once, and its outcome, known or lost, is a fact of the next round.
import type { Act } from '../../bindings/js/control.ts';
import type { Gathered } from '../../bindings/js/transcript.ts';
import { openedFor } from '../storage/sealed.ts';
import { prepareOpened, send } from '../upstream/send.ts';
import type { World } from '../world.ts';
import { type CommitIdentity, commit } from './commit.ts';

/**
 * Commits, then sends. Undefined when the commit lost its race: then nothing was sent. A sealed
 * value is opened before the commit, so that one that the same commit seals is not found.
 * @throws RequestError before anything is committed, StorageFailure before anything is sent.
 */
export async function perform(
  world: World,
  identity: CommitIdentity,
  act: Act,
  segments: readonly Uint8Array[],
): Promise<Gathered | undefined> {
  const opened = await openedFor(world, [act.request]);
  const prepared = prepareOpened(world.upstreams, act.request, segments, opened);
  if (act.commit !== undefined && !(await commit(world, identity, act.commit, segments))) {
    return undefined;
  }
  if (prepared === undefined) {
    return { key: act.key, outcome: 'lost', detail: 'unsealed' };
  }
  const { fact, bytes } = await send(world.ports, prepared);
  return bytes === undefined ? { key: act.key, ...fact } : { key: act.key, ...fact, bytes };
}
