// Every state of the settings page, by name: what the API says, and what people then read.
import type { Publication, Publishing, Session } from '../../../worker-shim/pages/api_types.ts';
import {
  ago,
  blocked,
  build_failure,
  building,
  failures,
  history,
  publication,
  ready,
  settingUp,
  stages,
  unset,
} from './fixtures.ts';
import { type MockApi, problem } from './mock_api.ts';

/** One state. */
export interface PageState {
  readonly publishing: Publishing | (() => Response);
  readonly publications?: readonly Publication[];
  readonly nextCursor?: string;
  readonly session?: Session;
  /** What must be read on the page, and what must not. */
  readonly shows: readonly string[];
  readonly hides?: readonly string[];
}

const signed_out = { signedIn: false, signInUrl: '/issuer/sign-in?return={return}' } as const;
const manual = {
  source: 'manual',
  masked: 'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/\u20269f3c',
  setAt: ago(50),
  setBy: 'ada@aurora.example',
} as const;
const { pagesDeploymentUrl: _, ...without_url } = publication({
  state: 'triggered',
  followed: false,
  label: 'triggered (not followed)',
  stages: [],
});
const failed = publication({
  state: 'failed',
  label: 'failed',
  stages: stages(3, 'failure'),
  failure: build_failure,
});

/** All of them. */
export const page_states: Readonly<Record<string, PageState>> = {
  'signed-out': {
    session: signed_out,
    publishing: () => problem(401, 'auth.missing'),
    shows: ['Sign in to see this page', 'Sign in'],
  },
  'no-member': {
    session: { signedIn: true, user: 'cleo@elsewhere.example' },
    publishing: () => problem(404, 'org.unknown'),
    shows: ['cleo@elsewhere.example', 'no member', 'Sign in as somebody else'],
  },
  fault: {
    publishing: () =>
      new Response('<html>Bad gateway</html>', {
        status: 502,
        headers: { 'x-request-id': '5c1e77ab90d24f36' },
      }),
    shows: ['The service did not answer as it should', '5c1e77ab90d24f36', 'Try again'],
  },
  unset: {
    publishing: unset(),
    shows: ['Auto-provision now', 'Put your site online', 'Use your own deploy hook'],
    hides: ['Recent deployments'],
  },
  'not-configured': {
    publishing: unset({ canProvision: false }),
    shows: ['Auto-provisioning is not set up on this instance', 'Use your own deploy hook', 'Save'],
    hides: ['Auto-provision now'],
  },
  creating: {
    publishing: settingUp(0),
    shows: ['Create the Cloudflare Pages project', 'In progress', 'takes a few minutes'],
  },
  connecting: { publishing: settingUp(1), shows: ['Create its deploy hook', 'aurora-ark'] },
  'first-build': {
    publishing: settingUp(2, { publication: building(3) }),
    publications: [building(3)],
    shows: ['Building', 'The first build takes a few minutes', 'aurora-ark'],
  },
  waiting: {
    publishing: settingUp(0, {
      waiting: {
        code: 'budget.spent',
        detail: 'Cloudflare asks us to slow down',
        until: ago(-4),
      },
    }),
    shows: ['Cloudflare asks us to slow down', 'goes on by itself'],
  },
  ready: {
    publishing: ready(),
    publications: history,
    nextCursor: 'more',
    shows: [
      'aurora-ark.pages.dev',
      'Publish',
      'Recent deployments',
      'Deploy hook',
      '1a2b',
      'Rotate',
    ],
  },
  publishing: {
    publishing: ready({ publication: building(1, { createdAt: ago(0) }) }),
    publications: [building(1, { createdAt: ago(0) }), ...history.slice(1)],
    shows: ['Publish again', 'one more publication follows', 'Preparing the builder'],
  },
  'one-more': {
    publishing: ready({ publication: building(4, { again: true }) }),
    publications: [building(4, { again: true })],
    shows: ['One more publication follows when this one has ended'],
  },
  failed: {
    publishing: ready({ publication: failed, orphanedHooks: 2 }),
    publications: [failed, ...history.slice(1)],
    shows: ['The last publication failed', 'exit code 1', 'publish again', '2 older hooks'],
  },
  manual: {
    publishing: unset({ hook: manual, publication: without_url }),
    publications: [without_url],
    shows: ['it counts first', 'Started, but not followed', 'Triggered (not followed)', 'Remove'],
    hides: ['Auto-provision now', 'Rotate'],
  },
  'name-taken': {
    publishing: blocked(failures.name_taken),
    shows: ['exists already', 'delete it in', 'paste its deploy hook URL', 'Try again'],
  },
  'not-connected': {
    publishing: blocked(failures.not_connected),
    shows: ['GitHub is not connected', 'Connect to Git', 'how to tell that it worked', 'Try again'],
  },
  limit: {
    publishing: blocked(failures.limit),
    shows: ['no room for another Pages project', 'raise the limit', 'Try again'],
  },
  member: {
    session: { signedIn: true, user: 'ben@aurora.example' },
    publishing: ready({ role: 'member' }),
    publications: history,
    shows: ['aurora-ark.pages.dev', 'Recent deployments', 'Only an admin of Aurora Books'],
    hides: ['Rotate', 'Reveal', 'Use your own deploy hook', '1a2b'],
  },
  'member-unset': {
    session: { signedIn: true, user: 'ben@aurora.example' },
    publishing: unset({ role: 'member' }),
    shows: ['not online yet', 'Only an admin of Aurora Books'],
    hides: ['Auto-provision now', 'Save'],
  },
};

/** Puts the mock into a state. */
export function enter(mock: MockApi, state: PageState): void {
  mock.publishing = state.publishing;
  mock.publications = state.publications ?? [];
  mock.nextCursor = state.nextCursor;
  mock.session = state.session ?? { signedIn: true, user: 'ada@aurora.example' };
}
