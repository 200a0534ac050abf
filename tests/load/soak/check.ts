// The verdict: what was acknowledged is there, nothing is there twice, and everything is at an end
// that is true. Pure: it looks at nothing but what it is given.
import type { Found, FoundOrg, FoundPlatform, FoundSite, Why } from './found.ts';
import type { Acknowledged, Finding, NewVersion } from './ledger.ts';

/** Everything that is wrong. */
export function check(acknowledged: readonly Acknowledged[], found: Found): Finding[] {
  const deleted = new Set(
    acknowledged.flatMap(({ promised }) =>
      promised.kind === 'deletion' ? [promised.platformId] : [],
    ),
  );
  return [
    ...acknowledged.flatMap((one) => {
      const what = broken(one, found, deleted);
      return what === undefined ? [] : [{ what, of: one }];
    }),
    ...strangers(acknowledged, found, deleted),
    ...[...found.platforms].flatMap(([id, platform]) => platformFaults(id, platform)),
    ...[...found.orgs].flatMap(([slug, org]) => orgFaults(slug, org)),
    ...projectFaults(found),
    ...runFaults(found),
    ...found.dead_letters.map((letter) => ({ what: `work was given up: ${letter}` })),
  ];
}

// What is missing of one acknowledged request.
function broken(
  { promised }: Acknowledged,
  found: Found,
  deleted: ReadonlySet<string>,
): string | undefined {
  switch (promised.kind) {
    case 'platform': {
      const { platformId } = promised;
      const lost = !deleted.has(platformId) && !found.platforms.has(platformId);
      return lost ? `platform ${platformId} is not there` : undefined;
    }
    case 'version': {
      const { platformId, version } = promised;
      const platform = found.platforms.get(platformId);
      return deleted.has(platformId) ? undefined : versionFault(platformId, version, platform);
    }
    case 'wish': {
      const { platformId, environment, reason, operationId } = promised;
      const count = found.wishes.get(`${platformId}/${environment} ${reason}`) ?? 0;
      if (count !== 1) return `the wish for a deployment stands ${count} times in the journal`;
      if (deleted.has(platformId)) return undefined;
      const state = found.operations.get(operationId);
      return state === 'succeeded' || state === 'failed'
        ? undefined
        : `operation ${operationId} is ${state ?? 'not there'}`;
    }
    case 'deletion': {
      const { platformId } = promised;
      return found.platforms.has(platformId) ? `platform ${platformId} is still there` : undefined;
    }
    default: {
      const { slug } = promised;
      const org = found.orgs.get(slug);
      if (org === undefined) return `org ${slug} is not there`;
      if (promised.kind === 'published') return publicationFault(promised.publicationId, org);
      return org.name === promised.name ? undefined : `org ${slug} is called ${org.name}`;
    }
  }
}

function versionFault(
  id: string,
  version: NewVersion,
  platform: FoundPlatform | undefined,
): string | undefined {
  const same = platform?.versions.filter(({ reason }) => reason === version.reason) ?? [];
  const [one] = same;
  if (one === undefined) return `${id} has no version of this change`;
  if (same.length > 1) return `the change was made ${same.length} times`;
  if (one.number !== version.number) return `it is version ${one.number}, not ${version.number}`;
  const differs = Object.entries(version.features).find(([name, on]) => one.features[name] !== on);
  if (differs === undefined) return undefined;
  return `in version ${one.number} ${differs[0]} is ${one.features[differs[0]]}, not ${differs[1]}`;
}

const moving = ['planned', 'starting', 'unknown', 'building', 'verifying'];

function publicationFault(id: string, { publications }: FoundOrg): string | undefined {
  const state = publications.get(id);
  if (state === undefined) return `publication ${id} is not there`;
  return moving.includes(state) ? `publication ${id} is ${state}` : undefined;
}

// What is there although nobody asked for it.
function strangers(
  acknowledged: readonly Acknowledged[],
  found: Found,
  deleted: ReadonlySet<string>,
): Finding[] {
  const asked = new Set<string>();
  const newest = new Map<string, number>();
  for (const { promised } of acknowledged) {
    if (promised.kind === 'platform') asked.add(promised.platformId);
    if (promised.kind !== 'version') continue;
    newest.set(promised.platformId, promised.version.number);
  }
  return [...found.platforms].flatMap(([id, { configVersion }]) => {
    if (deleted.has(id)) return [];
    if (!asked.has(id)) return [{ what: `platform ${id} is there and was never acknowledged` }];
    const expected = newest.get(id) ?? 1;
    if (configVersion === expected) return [];
    return [{ what: `${id} is at version ${configVersion}; the last acknowledged is ${expected}` }];
  });
}

function platformFaults(id: string, { configVersion, sites }: FoundPlatform): Finding[] {
  return sites.flatMap((site) => {
    const fault = siteFault(id, configVersion, site);
    return fault === undefined ? [] : [{ what: `${id}/${site.environment} ${fault}` }];
  });
}

function siteFault(id: string, version: number, site: FoundSite): string | undefined {
  const { end, step, failure, served } = site;
  if (end === 'moving') return `is not at its end: ${step}`;
  if (end === 'resting') return unexplained(failure);
  if (served === undefined) return 'is called live and serves nothing';
  if (served.platform !== id || served.environment !== site.environment) {
    return `is called live and serves ${served.platform}/${served.environment}`;
  }
  if (served.deployment !== site.live_deployment) {
    return `is called live with ${site.live_deployment} and serves ${served.deployment}`;
  }
  if (served.version !== version) {
    return `is called live at version ${version} and serves version ${served.version}`;
  }
  return served.script === site.wished ? undefined : 'is called live and serves other bytes';
}

function orgFaults(slug: string, { end, step, failure, page, name }: FoundOrg): Finding[] {
  const fault = (): string | undefined => {
    if (end === 'moving') return `is not at its end: ${step}`;
    if (end === 'resting') return unexplained(failure);
    return page?.includes(name) === true ? undefined : 'is called live and serves something else';
  };
  const what = fault();
  return what === undefined ? [] : [{ what: `org ${slug} ${what}` }];
}

function unexplained(failure: Why | undefined): string | undefined {
  const told = [failure?.code, failure?.detail, failure?.next].every((text) => (text ?? '') !== '');
  return told ? undefined : `rests without a reason: ${JSON.stringify(failure)}`;
}

// Every project belongs to one site or org that is there.
function projectFaults({ platforms, orgs, projects }: Found): Finding[] {
  const wanted = new Set([...orgs.values()].map(({ project }) => project));
  for (const { sites } of platforms.values()) for (const site of sites) wanted.add(site.project);
  const twice = repeated(projects).map((name) => ({ what: `two projects are called ${name}` }));
  const odd = projects.filter((name) => !wanted.has(name));
  return [...twice, ...odd.map((name) => ({ what: `project ${name} belongs to nobody` }))];
}

// Every dispatch started one run, and every batch was claimed by one.
function runFaults({ run_keys, claims }: Found): Finding[] {
  const known = new Set(run_keys);
  const twice = repeated(run_keys).map((key) => ({ what: `the dispatch ${key} has two runs` }));
  const claimed = [...claims].flatMap(([key, runs]) => {
    if (new Set(runs).size > 1) return [{ what: `${key} was claimed by ${runs.join(' and ')}` }];
    return known.has(key) ? [] : [{ what: `${key} was claimed and is the key of no run` }];
  });
  return [...twice, ...claimed];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
