// `github.runs`, `pages.deployments` and `pages.create_project` in plain JavaScript, as fast as we
// can write them. What makes them fast: JSON.parse reads the page, one loop makes objects of one
// shape from what is kept, JSON.stringify writes them; a request is one template string.
//
// Like the core they take an absent or null member for its default, but for those without which an
// answer says nothing (a list, an id), and refuse a member of another type. JSON.parse also looks
// into what is skipped, which the core does not: a page that is damaged there is refused here and
// read there. An id written as 1.0 or 1e3 is an integer here only.
import { type Issue, isObject, missing, reportType, unknown } from './issues.ts';
import { asCoreWrites, faultsText, malformed } from './text.ts';

interface Run {
  readonly id: number;
  readonly display_title: string;
  readonly status: string;
  readonly conclusion: string | undefined;
  readonly html_url: string;
}

interface Deployment {
  readonly id: string;
  readonly url: string;
  readonly latest_stage: { readonly name: string; readonly status: string };
  readonly is_skipped: boolean;
  readonly aliases: readonly string[];
  readonly deployment_trigger: {
    readonly metadata: { readonly commit_message: string | undefined };
  };
}

type Json = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const empty: Json = {};

/** The member, or `otherwise` where there is none; undefined where it is no text. */
function text(value: unknown, otherwise: string): string | undefined {
  return typeof value === 'string' ? value : value == null ? otherwise : undefined;
}

/** The member, or an empty object; undefined where it is no object. */
function object(value: unknown): Json | undefined {
  return isPlain(value) ? value : value == null ? empty : undefined;
}

/** What is kept of a run; undefined where it does not have the shape. */
export function keptRun(value: unknown): Run | undefined {
  if (!isPlain(value)) return undefined;
  const { id, display_title } = value;
  const status = text(value.status, '');
  const conclusion = value.conclusion ?? undefined;
  const html_url = text(value.html_url, '');
  if (typeof display_title !== 'string' || status === undefined || html_url === undefined) {
    return undefined;
  }
  if (!Number.isSafeInteger(id)) return undefined;
  if (conclusion !== undefined && typeof conclusion !== 'string') return undefined;
  return { id: id as number, display_title, status, conclusion, html_url };
}

/** What is kept of a deployment; undefined where it does not have the shape. */
export function keptDeployment(value: unknown): Deployment | undefined {
  if (!isPlain(value)) return undefined;
  const { id } = value;
  const url = text(value.url, '');
  const stage = object(value.latest_stage);
  const is_skipped = value.is_skipped ?? false;
  const aliases = value.aliases ?? [];
  const trigger = object(value.deployment_trigger);
  if (typeof id !== 'string' || url === undefined || stage === undefined) return undefined;
  if (typeof is_skipped !== 'boolean' || trigger === undefined) return undefined;
  if (!Array.isArray(aliases) || aliases.some((one) => typeof one !== 'string')) return undefined;
  const name = text(stage.name, '');
  const status = text(stage.status, '');
  const metadata = object(trigger.metadata);
  if (name === undefined || status === undefined || metadata === undefined) return undefined;
  const commit_message = metadata.commit_message ?? undefined;
  if (commit_message !== undefined && typeof commit_message !== 'string') return undefined;
  const deployment_trigger = { metadata: { commit_message } };
  return { id, url, latest_stage: { name, status }, is_skipped, aliases, deployment_trigger };
}

/** What is kept of each item; undefined where one does not have the shape. */
function keptAll<Kept>(
  value: unknown,
  kept: (item: unknown) => Kept | undefined,
): Kept[] | undefined {
  const items: Kept[] = [];
  if (!Array.isArray(value)) return undefined;
  for (let i = 0; i < value.length; i += 1) {
    const one = kept(value[i]);
    if (one === undefined) return undefined;
    items.push(one);
  }
  return items;
}

/** JSON of what is kept of a parsed page of runs, or `null`. */
export function runsOf(page: unknown): string {
  const workflow_runs = isPlain(page) ? keptAll(page.workflow_runs, keptRun) : undefined;
  return workflow_runs ? asCoreWrites(JSON.stringify({ workflow_runs })) : 'null';
}

/** JSON of what is kept of a parsed page of deployments, or `null`. */
export function deploymentsOf(page: unknown): string {
  const result = isPlain(page) ? keptAll(page.result, keptDeployment) : undefined;
  return result ? asCoreWrites(JSON.stringify({ result })) : 'null';
}

/** A Pages project to ask for. */
export interface ProjectWish {
  readonly credential: string;
  readonly accountId: string;
  readonly project: string;
  readonly site: string;
}

/** Its members. */
export const wish_fields: readonly string[] = ['credential', 'accountId', 'project', 'site'];

function hasWishShape(value: unknown, issues: Issue[]): value is ProjectWish {
  if (!isObject(value, '', issues)) return false;
  for (const name in value) {
    if (name !== 'credential' && name !== 'accountId' && name !== 'project' && name !== 'site') {
      unknown('', name, issues, wish_fields);
    } else if (typeof value[name] !== 'string') {
      reportType(issues, `/${name}`, 'a string');
    }
  }
  for (const name of wish_fields) {
    if (value[name] === undefined) missing('', name, issues);
  }
  return issues.length === 0;
}

function quoted(value: string): string {
  return asCoreWrites(JSON.stringify(value));
}

function urlComponent(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The request for a wish. */
export function requestFor({ accountId, project, site }: ProjectWish): string {
  const path = quoted(`/accounts/${urlComponent(accountId)}/pages/projects`);
  const marker = `{"env_vars":{"SLIPWAY_SITE":{"type":"plain_text","value":${quoted(site)}}}}`;
  const body =
    `{"name":${quoted(project)},"production_branch":"main","deployment_configs":` +
    `{"production":${marker},"preview":${marker}}}`;
  return `{"method":"POST","path":${path},"body":${body}}`;
}

/** The request that creates a project, for parsed parameters, or what is wrong with them. */
export function projectOf(value: unknown): string {
  if (value === undefined) return faultsText(malformed);
  const issues: Issue[] = [];
  return hasWishShape(value, issues) ? requestFor(value) : faultsText(issues);
}
