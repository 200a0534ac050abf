// Which permission of an App each operation needs.

/** A permission's name and the level of it. */
export type Needed = readonly [name: string, level: 'read' | 'write'];

const NEEDED: Readonly<Record<string, Needed>> = {
  'github.get_workflow': ['actions', 'read'],
  'github.dispatch': ['actions', 'write'],
  'github.enable_workflow': ['actions', 'write'],
  'github.disable_workflow': ['actions', 'write'],
  'github.list_runs': ['actions', 'read'],
  'github.get_run': ['actions', 'read'],
  'github.list_jobs': ['actions', 'read'],
  'github.cancel_run': ['actions', 'write'],
  'github.force_cancel_run': ['actions', 'write'],
  'github.get_job_logs': ['actions', 'read'],
  'github.get_contents': ['contents', 'read'],
  'github.get_commit': ['contents', 'read'],
};

/** What the operation needs; reading metadata where nothing else is said. */
export function neededBy(operation: string): Needed {
  return NEEDED[operation] ?? ['metadata', 'read'];
}
