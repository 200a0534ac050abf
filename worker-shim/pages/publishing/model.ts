// What the settings page knows and does. The page draws `state`; every action ends in a new one.
import type { Publication, Publications, Publishing, Session } from '../api_types.ts';
import { copyText, offline, randomText } from '../browser.ts';
import { type Answer, call, type Sent, type Trouble } from '../call.ts';
import { follow } from '../follow.ts';
import { leaveForSignIn } from '../sign_in.ts';
import { isUnderWay, summaryOf } from '../words.ts';

/** What a person can set going; only one at a time. */
export type Action = 'provision' | 'publish' | 'save' | 'remove' | 'reveal' | 'rotate' | 'more';

/** Where on the page something is told. */
export type Place = 'site' | 'hook' | 'manual' | 'history';

/** Everything that is drawn. */
export interface State {
  readonly phase: 'loading' | 'signed_out' | 'no_access' | 'trouble' | 'shown';
  readonly session?: Session;
  /** Why nothing can be shown. */
  readonly trouble?: Trouble;
  readonly publishing?: Publishing;
  readonly publications: readonly Publication[];
  readonly nextCursor?: string;
  readonly busy?: Action;
  readonly troubles: Readonly<Partial<Record<Place, Trouble>>>;
  /** The hook's address, for a minute at most. */
  readonly revealed?: string;
  readonly connected: boolean;
  readonly signedOut: boolean;
  /** What listeners are told. */
  readonly said: string;
}

const revealed_ms_max = 60_000;
const history_limit = 5;
const look_ms = 700;
const retry_ms = 4_000;

/** The page's state and actions; `changed` is called after every change. */
export class Model {
  state: State = {
    phase: 'loading',
    publications: [],
    troubles: {},
    connected: true,
    signedOut: false,
    said: '',
  };
  readonly #path: string;
  readonly #changed: () => void;
  readonly #keys = new Map<string, string>();
  #stop: (() => void) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #hiding: ReturnType<typeof setTimeout> | undefined;

  constructor(org: string, changed: () => void) {
    this.#path = `/me/orgs/${org}/publishing`;
    this.#changed = changed;
  }

  /** Reads everything; also the way out of a page that could not be shown. */
  async load(): Promise<void> {
    // First who this is: without a session the rest would be refused, and the console would say so.
    const session = await call<Session>('GET', '/me/session');
    if ('trouble' in session) return this.#notShown(session.trouble);
    this.#set({ session: session.value });
    if (!session.value.signedIn) return this.#set({ phase: 'signed_out' });
    const [publishing, publications] = await Promise.all([
      call<Publishing>('GET', this.#path),
      call<Publications>('GET', `${this.#path}/publications?limit=${history_limit}`),
    ]);
    if ('trouble' in publishing) return this.#notShown(publishing.trouble);
    this.#set({ phase: 'shown', signedOut: false, connected: !offline() });
    this.#tell('history', publications, (page) => this.#put(page, []));
    this.#take(publishing.value);
  }

  /** Looks again: after the tab was hidden or the network gone. */
  async refresh(): Promise<void> {
    if (this.state.phase === 'trouble') return await this.load();
    if (this.state.phase !== 'shown') return;
    const answer = await call<Publishing>('GET', this.#path);
    if ('value' in answer) {
      this.#set({ connected: !offline() });
      this.#take(answer.value);
    } else this.#broken(answer.trouble);
  }

  /** The browser says that the network is gone. */
  lost(): void {
    if (this.state.phase === 'shown') this.#set({ connected: false });
  }

  /** One click: project, hook, first build. What is done is seen before the answer comes. */
  async provision(): Promise<void> {
    const looking = setInterval(() => void this.refresh(), look_ms);
    await this.#act<{ deployHookUrl?: string; publishing: Publishing }>(
      'provision',
      'site',
      ['POST', '/auto-provision'],
      ({ deployHookUrl, publishing }) => {
        this.#take(publishing);
        if (deployHookUrl !== undefined) this.#reveal(deployHookUrl);
      },
    ).finally(() => clearInterval(looking));
  }

  async publish(): Promise<void> {
    await this.#act<Publication>('publish', 'site', ['POST', '/publish'], (publication) => {
      const { publishing } = this.state;
      if (publishing !== undefined) this.#take({ ...publishing, publication });
      this.#set({
        said: publication.again ? 'One more publication will follow.' : 'Publishing has begun.',
      });
    });
  }

  /** Resolves to whether it was saved. */
  async save(deployHookUrl: string, projectName: string): Promise<boolean> {
    const body = { deployHookUrl, ...(projectName === '' ? {} : { projectName }) };
    return await this.#act<Publishing>('save', 'manual', ['PUT', '', { body }], (publishing) => {
      this.hide();
      this.#take(publishing);
      this.#set({ said: 'Saved. Your own deploy hook counts first now.' });
    });
  }

  async remove(): Promise<boolean> {
    return await this.#act<Publishing>('remove', 'manual', ['DELETE', ''], (publishing) => {
      this.hide();
      this.#take(publishing);
      this.#set({ said: 'Your own deploy hook is removed.' });
    });
  }

  async reveal(): Promise<void> {
    await this.#act<{ deployHookUrl: string }>('reveal', 'hook', ['POST', '/reveal'], (answer) => {
      this.#reveal(answer.deployHookUrl);
      this.#set({ said: 'The deploy hook is shown for a minute.' });
    });
  }

  /** Copies the hook's address without showing it; resolves to whether it worked. */
  async copyHook(): Promise<boolean> {
    const { revealed } = this.state;
    if (revealed !== undefined) return await copyText(Promise.resolve(revealed));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const copied = copyText(promise);
    const asked = ['POST', '/reveal'] as const;
    const read = await this.#act<{ deployHookUrl: string }>('reveal', 'hook', asked, (answer) =>
      resolve(answer.deployHookUrl),
    );
    if (!read) reject(new Error('not read'));
    return await copied;
  }

  async rotate(): Promise<void> {
    await this.#act<{ deployHookUrl: string; publishing: Publishing }>(
      'rotate',
      'hook',
      ['POST', '/rotate'],
      ({ deployHookUrl, publishing }) => {
        this.#take(publishing);
        this.#reveal(deployHookUrl);
        this.#set({ said: 'There is a new deploy hook. It is shown for a minute.' });
      },
    );
  }

  /** The next page of the history. */
  async more(): Promise<void> {
    const { nextCursor, publications } = this.state;
    if (nextCursor === undefined) return;
    const query = `?limit=${history_limit}&cursor=${encodeURIComponent(nextCursor)}`;
    await this.#act<Publications>('more', 'history', ['GET', `/publications${query}`], (page) =>
      this.#put(page, publications),
    );
  }

  /** Forgets the hook's address. */
  hide(): void {
    clearTimeout(this.#hiding);
    const { revealed: _, ...rest } = this.state;
    if (_ !== undefined) this.#replace(rest);
  }

  /** Says something to listeners. */
  say(said: string): void {
    this.#set({ said });
  }

  /** Leaves for the sign-in; with `other`, as somebody else. */
  async signIn(other = false): Promise<void> {
    if (other) await call('DELETE', '/me/session');
    const answer = await call<Session>('GET', '/me/session');
    const address =
      'value' in answer && !answer.value.signedIn ? answer.value.signInUrl : undefined;
    if (typeof address === 'string') return leaveForSignIn(address, location.pathname);
    location.assign(`/sign-in?to=${encodeURIComponent(location.pathname)}`);
  }

  async signOut(): Promise<void> {
    await call('DELETE', '/me/session');
    location.assign(`/sign-in?to=${encodeURIComponent(location.pathname)}`);
  }

  // Does one thing at a time. The key of an attempt stays until an answer came, so that trying
  // again after a lost answer does nothing twice.
  async #act<Value>(
    action: Action,
    place: Place,
    [method, path, sent]: readonly [method: string, path: string, sent?: Sent],
    done: (value: Value) => void,
  ): Promise<boolean> {
    if (this.state.busy !== undefined) return false;
    const { [place]: _, ...troubles } = this.state.troubles;
    this.#set({ busy: action, troubles });
    const key = this.#keys.get(action) ?? randomText();
    this.#keys.set(action, key);
    const keyed = method === 'POST' ? { ...sent, idempotencyKey: key } : sent;
    const answer = await call<Value>(method, this.#path + path, keyed);
    const lost = 'trouble' in answer && answer.trouble.kind === 'network';
    if (!lost) this.#keys.delete(action);
    // What a refusal has changed is shown together with it, and not a moment later.
    const looks = 'trouble' in answer && action !== 'more';
    if (looks && !lost) await this.refresh();
    const { busy: __, ...rest } = this.state;
    this.#replace(rest);
    this.#tell(place, answer, done);
    if (lost && looks) await this.refresh();
    return 'value' in answer;
  }

  #tell<Value>(place: Place, answer: Answer<Value>, done: (value: Value) => void): void {
    if ('value' in answer) done(answer.value);
    else if (answer.trouble.kind === 'signed_out') this.#set({ signedOut: true });
    else this.#set({ troubles: { ...this.state.troubles, [place]: answer.trouble } });
  }

  #notShown(trouble: Trouble): void {
    if (trouble.kind === 'signed_out') this.#set({ phase: 'signed_out' });
    else if (trouble.status === 404) this.#set({ phase: 'no_access', trouble });
    else this.#set({ phase: 'trouble', trouble });
  }

  #broken(trouble: Trouble): void {
    if (trouble.kind === 'signed_out') this.#set({ signedOut: true });
    else if (trouble.status === 404) this.#notShown(trouble);
    else if (trouble.kind === 'network') {
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => void this.refresh(), retry_ms);
      this.#set({ connected: false });
    }
  }

  // Takes a state over unless a newer one is known, and follows while something goes on.
  #take(publishing: Publishing): void {
    const known = this.state.publishing;
    if (known !== undefined && publishing.seq < known.seq) return;
    const said = summaryOf(publishing);
    const { publication, state } = publishing;
    const { site: _, ...troubles } = this.state.troubles;
    this.#set({
      publishing,
      ...(known !== undefined && known.state !== state && state !== 'blocked' && { troubles }),
      ...(known !== undefined && said !== summaryOf(known) && said !== '' && { said }),
      ...(publication && { publications: merged(this.state.publications, publication) }),
    });
    if (isUnderWay(publishing)) this.#follow();
  }

  #follow(): void {
    if (this.#stop !== undefined) return;
    this.#stop = follow(this.#path, isUnderWay, {
      state: (publishing) => this.#take(publishing),
      connected: (heard) => {
        // What was on its way when the network went away still arrives: it brings nothing back.
        const connected = heard && !offline();
        if (connected !== this.state.connected) this.#set({ connected });
      },
      ended: (trouble) => {
        this.#stop = undefined;
        if (trouble !== undefined) this.#broken(trouble);
      },
    });
  }

  #put(page: Publications, before: readonly Publication[]): void {
    const { nextCursor: _, ...rest } = this.state;
    const known = new Set(before.map((one) => one.publicationId));
    const fresh = page.items.filter((one) => !known.has(one.publicationId));
    this.#replace({
      ...rest,
      publications: [...before, ...fresh],
      ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
    });
  }

  #reveal(revealed: string): void {
    clearTimeout(this.#hiding);
    if (document.hidden) return;
    this.#hiding = setTimeout(() => this.hide(), revealed_ms_max);
    this.#set({ revealed });
  }

  #set(some: Partial<State>): void {
    this.#replace({ ...this.state, ...some });
  }

  #replace(state: State): void {
    this.state = state;
    this.#changed();
  }
}

/** The history with a publication as it is now: in its place, else in front. */
function merged(list: readonly Publication[], one: Publication): readonly Publication[] {
  const known = list.some(({ publicationId }) => publicationId === one.publicationId);
  if (!known) return [one, ...list];
  return list.map((other) => (other.publicationId === one.publicationId ? one : other));
}
