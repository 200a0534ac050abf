// What the simulated GitHub and Cloudflare hold.
import type { Product, SimulatedProject } from '../../e2e/support.ts';

/** A run of the builder. */
export interface Run {
  readonly id: number;
  readonly display_title: string;
  readonly status: string;
  readonly conclusion: string | null;
}

/** A project at Cloudflare. */
export interface Project extends SimulatedProject {
  readonly subdomain: string;
}

const page_runs = 100;
const runs_path = '/github/repos/neutrino-io/nno-platform-builder/actions/runs';

/** The runs, newest first, of at most so many pages. */
export async function allRuns(product: Product, pages: number): Promise<Run[]> {
  const runs: Run[] = [];
  for (let page = 1; page <= pages; page += 1) {
    const path = `${runs_path}?per_page=${page_runs}&page=${page}`;
    const { status, text } = await product.outside(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    const found = (JSON.parse(text) as { workflow_runs: Run[] }).workflow_runs;
    runs.push(...found);
    if (found.length < page_runs) break;
  }
  return runs;
}

/** Every project, in all accounts. */
export async function allProjects(product: Product): Promise<Project[]> {
  return (await product.projects()) as Project[];
}

/** Changes the simulated world. */
export async function changeWorld(product: Product, what: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const { status, text } = await product.outside(`/_sim/${what}`, init);
  if (status !== 200) throw new Error(`${what}: ${status} ${text}`);
}

/** A file that is served at a host; undefined where none is. */
export async function servedFile(
  product: Product,
  host: string,
  path: string,
): Promise<string | undefined> {
  const { status, text } = await product.outside(`/sites/${host}${path}`);
  return status === 200 ? text : undefined;
}
