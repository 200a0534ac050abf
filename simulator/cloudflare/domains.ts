// The operations on custom domains of a project.

import { createHash } from 'node:crypto';
import { domainBody } from './bodies.ts';
import { type Call, jsonBody, projectOf, requireUnblocked } from './call.ts';
import { invalidBody, ok, refusal } from './errors.ts';
import { type Domain, keys, saveProject, type World } from './model.ts';
import { iso } from './stages.ts';

/** GET domains: all of them, on one page. */
export function listDomains(call: Call): Response {
  return ok(projectOf(call).domains.map((domain) => domainView(call.world, domain)));
}

/** POST domains. A domain belongs to one project at most; wildcards are refused. */
export async function addDomain(call: Call): Promise<Response> {
  const { world } = call;
  requireUnblocked(call);
  const { name } = await jsonBody(call, domainBody);
  const project = projectOf(call);
  if (!/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/.test(name)) {
    throw invalidBody('/name', 'must be a domain name in lowercase');
  }
  if (world.store.get(keys.domain(name)) !== undefined) throw refusal('domainExists');
  const domain = { id: world.ids.uuid(), name, created_ms: world.clock.now() };
  saveProject(world, { ...project, domains: [...project.domains, domain] });
  world.store.put(keys.domain(name), { account: project.account_id, name: project.name });
  return ok(domainView(world, domain));
}

/** GET one domain, and PATCH, which asks for its validation once more. */
export function getDomain(call: Call): Response {
  const { domain } = call.params;
  const found = projectOf(call).domains.find(({ name }) => name === domain);
  if (found === undefined) throw refusal('domainNotFound');
  return ok(domainView(call.world, found));
}

/** DELETE a domain. */
export function removeDomain(call: Call): Response {
  requireUnblocked(call);
  const project = projectOf(call);
  const { domain = '' } = call.params;
  const domains = project.domains.filter(({ name }) => name !== domain);
  if (domains.length === project.domains.length) throw refusal('domainNotFound');
  call.world.store.delete(keys.domain(domain));
  saveProject(call.world, { ...project, domains });
  return ok(null);
}

function domainView(world: World, domain: Domain): object {
  const active = world.clock.now() >= domain.created_ms + world.limits.domain_ms;
  const status = active ? 'active' : 'pending';
  return {
    id: domain.id,
    domain_id: domain.id,
    name: domain.name,
    status,
    created_on: iso(domain.created_ms),
    certificate_authority: 'google',
    zone_tag: createHash('sha256').update(domain.name).digest('hex').slice(0, 32),
    validation_data: { status, method: 'http' },
    verification_data: { status },
  };
}
