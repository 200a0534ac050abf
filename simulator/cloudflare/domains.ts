// The operations on custom domains of a project, and where the validation of one stands.

import { createHash } from 'node:crypto';
import { domainBody } from './bodies.ts';
import { type Call, jsonBody, projectOf, requireUnblocked } from './call.ts';
import { invalidBody, ok, refusal } from './errors.ts';
import {
  type Domain,
  keys,
  type Project,
  projectAtDomain,
  saveProject,
  type World,
} from './model.ts';
import type { DomainPlan } from './options.ts';
import { iso } from './stages.ts';

/** The states of a custom domain. */
export type DomainStatus =
  | 'initializing'
  | 'pending'
  | 'active'
  | 'error'
  | 'blocked'
  | 'deactivated';

/** GET domains: all of them, on one page. */
export function listDomains(call: Call): Response {
  const project = projectOf(call);
  return ok(project.domains.map((domain) => domainView(call.world, project, domain)));
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
  if (project.domains.length >= world.limits.domains) {
    throw invalidBody('', 'the project has as many custom domains as it may have');
  }
  return ok(domainView(world, project, attachDomain(world, project, name, world.clock.now())));
}

/** Stores a domain that was added to `project` at `created_ms`; it must be free. */
export function attachDomain(
  world: World,
  project: Project,
  name: string,
  created_ms: number,
): Domain {
  const domain = { id: world.ids.uuid(), name, created_ms };
  project.domains.push(domain);
  saveProject(world, project);
  world.store.put(keys.domain(name), { account: project.account_id, name: project.name });
  return domain;
}

/** GET one domain. */
export function getDomain(call: Call): Response {
  const project = projectOf(call);
  return ok(domainView(call.world, project, domainOf(call, project)));
}

/** PATCH a domain: asks for its validation once more, which changes nothing about an active one. */
export function retryDomain(call: Call): Response {
  const { world } = call;
  requireUnblocked(call);
  const project = projectOf(call);
  const domain = domainOf(call, project);
  if (domainStatus(world, project, domain) !== 'active') {
    domain.asked_ms = world.clock.now();
    domain.failed = false;
    saveProject(world, project);
  }
  return ok(domainView(world, project, domain));
}

/** DELETE a domain. */
export function removeDomain(call: Call): Response {
  requireUnblocked(call);
  const project = projectOf(call);
  const gone = domainOf(call, project);
  call.world.store.delete(keys.domain(gone.name));
  const domains = project.domains.filter((domain) => domain !== gone);
  saveProject(call.world, { ...project, domains });
  return ok(null);
}

/** Sets what the world outside does about a domain. A validation that failed stays failed. */
export function planDomain(world: World, name: string, plan: DomainPlan): void {
  const project = projectAtDomain(world, name);
  const domain = project?.domains.find((each) => each.name === name);
  if (project !== undefined && domain !== undefined) {
    domain.failed = domainStatus(world, project, domain) === 'error';
    saveProject(world, project);
  }
  world.store.put(keys.domainPlan(name), plan);
}

/** Where the validation stands now. Only an active domain serves. */
export function domainStatus(world: World, project: Project, domain: Domain): DomainStatus {
  if (domain.failed === true) return 'error';
  const { domain_initializing_ms, domain_ms } = world.limits;
  const since_ms = world.clock.now() - (domain.asked_ms ?? domain.created_ms);
  if (since_ms < domain_initializing_ms) return 'initializing';
  if (since_ms < domain_initializing_ms + domain_ms) return 'pending';
  const { cname, outcome = 'active' } = planOf(world, domain);
  const pointsHere = cname === undefined || cname === `${project.label}.pages.dev`;
  return outcome === 'active' && !pointsHere ? 'pending' : outcome;
}

function domainOf(call: Call, project: Project): Domain {
  const found = project.domains.find(({ name }) => name === call.params.domain);
  if (found === undefined) throw refusal('domainNotFound');
  return found;
}

function planOf(world: World, domain: Domain): DomainPlan {
  return world.store.get<DomainPlan>(keys.domainPlan(domain.name)) ?? {};
}

function domainView(world: World, project: Project, domain: Domain): object {
  const status = domainStatus(world, project, domain);
  const waits = status === 'pending' && planOf(world, domain).cname !== undefined;
  const error_message = status === 'error' ? 'The certificate could not be issued' : undefined;
  const missing = waits ? 'CNAME record not set' : error_message;
  return {
    id: domain.id,
    domain_id: domain.id,
    name: domain.name,
    status,
    created_on: iso(domain.created_ms),
    certificate_authority: 'google',
    zone_tag: createHash('sha256').update(domain.name).digest('hex').slice(0, 32),
    validation_data: {
      status: status === 'blocked' ? 'error' : status,
      method: 'http',
      ...(error_message === undefined ? {} : { error_message }),
    },
    verification_data: {
      status: status === 'initializing' ? 'pending' : status,
      ...(missing === undefined ? {} : { error_message: missing }),
    },
  };
}
