// The brake on mass creation: a young account makes only so many projects in a window. The service
// gives no code of its own for it, so it answers like a full account.

import { refusal } from './errors.ts';
import { keys, type World } from './model.ts';
import type { AccountOptions } from './options.ts';

/** Refuses one more project of a young account with 8000027 while its window is full. */
export function requireNoCooldown(world: World, account: AccountOptions): void {
  const { young_ms, young_creations } = world.limits;
  const age_ms = world.clock.now() - (account.created_ms ?? Number.NEGATIVE_INFINITY);
  if (age_ms < young_ms && recent(world, account).length >= young_creations) {
    throw refusal('projectLimit');
  }
}

/** Counts a project that was made; deleting it gives nothing back. */
export function noteCreation(world: World, account: AccountOptions): void {
  if (account.created_ms === undefined) return;
  world.store.put(keys.creations(account.id), [...recent(world, account), world.clock.now()]);
}

function recent(world: World, account: AccountOptions): number[] {
  const since_ms = world.clock.now() - world.limits.young_window_ms;
  const times = world.store.get<number[]>(keys.creations(account.id)) ?? [];
  return times.filter((at_ms) => at_ms > since_ms);
}
