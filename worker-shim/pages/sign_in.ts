// Leaving for the issuer and coming back: the address to go to, and the random state that shows
// that a return belongs to a departure of this tab.
import { randomText } from './browser.ts';

const state_key = 'slipway.sign_in';

/** Leaves for the issuer; the issuer comes back to /sign-in, which goes on to `to`. */
export function leaveForSignIn(signInUrl: string, to: string): void {
  const state = randomText();
  sessionStorage.setItem(state_key, state);
  const back = `${location.origin}/sign-in?to=${encodeURIComponent(to)}&state=${state}`;
  location.assign(signInUrl.replace('{return}', encodeURIComponent(back)));
}

/** Whether these states are the one that this tab left with. It counts once. */
export function isOwnReturn(states: readonly (string | null)[]): boolean {
  const expected = sessionStorage.getItem(state_key);
  sessionStorage.removeItem(state_key);
  const told = states.filter((state) => state !== null);
  return expected !== null && told.length > 0 && told.every((state) => state === expected);
}

/** Where to go after signing in: a page of this origin, whatever the address says. */
export function ownPath(to: string | null): string {
  if (to === null || !/^\/(?![/\\])/.test(to)) return '/sign-in';
  try {
    const url = new URL(to, location.origin);
    return url.origin === location.origin ? url.pathname + url.search : '/sign-in';
  } catch {
    return '/sign-in';
  }
}
