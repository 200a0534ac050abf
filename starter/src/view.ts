// Builds the page's parts. Text only ever enters through textContent, never as markup.

import type { SignIn, Toggle } from './tenant.ts';

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

/** `team-chat` reads as `Team chat`. */
function title(id: string): string {
  const words = id.replaceAll(/[-_.]+/g, ' ').trim();
  return words === '' ? id : words.charAt(0).toUpperCase() + words.slice(1);
}

function facts(pairs: ReadonlyArray<readonly [string, string]>): HTMLDListElement {
  const list = element('dl', 'facts');
  for (const [name, value] of pairs) {
    list.append(element('div', '', element('dt', '', name), element('dd', '', value)));
  }
  return list;
}

function toggleCard(toggle: Toggle): HTMLLIElement {
  const state = element(
    'span',
    toggle.enabled ? 'state on' : 'state',
    toggle.enabled ? 'On' : 'Off',
  );
  const head = element('div', 'card-head', element('h3', '', title(toggle.id)), state);
  const card = element('li', toggle.enabled ? 'card' : 'card muted', head);
  card.dataset.id = toggle.id;
  card.append(element('code', 'id', toggle.id));
  if (toggle.options.length > 0) card.append(facts(toggle.options));
  return card;
}

/** Fills the section's list (`#features` or `#stacks`) and its count; `none` is said when empty. */
export function showToggles(section: string, toggles: readonly Toggle[], none: string): void {
  const list = document.querySelector(`#${section} ul`);
  const count = document.querySelector(`#${section} .count`);
  const enabled = toggles.filter((toggle) => toggle.enabled).length;
  if (count !== null) count.textContent = `${enabled} of ${toggles.length} on`;
  // Enabled ones first; the sort is stable, so each half keeps the document's order.
  const ordered = toggles.toSorted((a, b) => Number(b.enabled) - Number(a.enabled));
  if (toggles.length === 0) list?.replaceChildren(element('li', 'card muted', none));
  else list?.replaceChildren(...ordered.map(toggleCard));
}

/** Says in one sentence how people sign in, with the provider's details where there are any. */
export function showSignIn(signIn: SignIn): void {
  const place = document.querySelector('#sign-in .card');
  const open = signIn.provider === 'none';
  const sentence = open
    ? 'This site is open: nobody needs to sign in.'
    : `People sign in through ${signIn.provider === 'oidc' ? 'OpenID Connect' : signIn.provider}.`;
  const details: [string, string][] = [];
  if (signIn.issuer !== undefined) details.push(['Issuer', signIn.issuer]);
  if (signIn.clientId !== undefined) details.push(['Client id', signIn.clientId]);
  place?.replaceChildren(element('p', '', sentence));
  if (details.length > 0) place?.append(facts(details));
}

/** Shows the support address, which is a link only where it looks like one. */
export function showSupport(email: string | undefined): void {
  const place = document.querySelector('#support');
  if (place === null || email === undefined) return;
  const link = element('a', '', email);
  if (/^[^\s@:/?&]+@[^\s@:/?&]+$/.test(email)) link.href = `mailto:${email}`;
  place.replaceChildren('Support: ', link);
}
