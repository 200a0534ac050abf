// What a write of the platforms' API starts: an operation, and how it is followed.
import type { Operation, OperationSite } from '../bindings/generated/api.ts';
import { type Context, type Result, waits } from './command.ts';
import { exits } from './errors.ts';
import { type End, failed, follow } from './follow.ts';
import { fields, table } from './talk.ts';

/**
 * The result of a call that has started an operation: followed to its end, where that is asked.
 * `stored`: what was asked is done already, and the operation is what follows from it. That a site
 * is held back is then no failure, unless it is waited for.
 */
export async function operationResult(
  context: Context,
  started: Operation,
  stored = false,
): Promise<Result> {
  const { operationId, platformId } = started;
  const later = `slipway status ${platformId} --watch`;
  if (!waits(context) || started.state !== 'running') {
    if (started.state === 'running') context.talk.note(`started; follow it: ${later}`);
    const trouble = endOf(started)?.trouble;
    const result = { data: started, text: operationText(context, started) };
    if (stored && trouble?.exit === exits.conflict && !waits(context)) {
      context.talk.note(`not built: ${trouble.code}: ${trouble.detail ?? ''}`);
      return result;
    }
    return trouble === undefined ? result : { ...result, trouble };
  }
  const { state, trouble, told } = await follow<Operation>(context, {
    call: { method: 'GET', path: '/api/v1/operations/{operationId}', params: { operationId } },
    end: endOf,
    lines: ({ sites }) => sites.map(siteLine),
    later,
  });
  const result = { data: state, text: operationText(context, state), told };
  return trouble === undefined ? result : { ...result, trouble };
}

function endOf({ state, sites, platformId }: Operation): End | undefined {
  if (state === 'running') return undefined;
  if (state === 'succeeded') return {};
  const site = sites.find((each) => each.state === 'failed');
  const what = site === undefined ? platformId : `${platformId}/${site.environment}`;
  return { trouble: failed(what, site?.failure) };
}

function siteLine({ environment, step, url, waiting, removal }: OperationSite): string {
  const left = removal?.left === undefined ? '' : ` (${removal.left} ${removal.step ?? ''} left)`;
  const why = waiting === undefined ? '' : `, waits: ${waiting.detail}`;
  const where = step === 'live' && url !== undefined ? `  ${url}` : '';
  return `${environment.padEnd(5)} ${step}${left}${why}${where}`;
}

function operationText({ talk }: Context, operation: Operation): string {
  const { operationId, platformId, state, sites } = operation;
  const head = fields([
    ['platform', platformId],
    ['operation', operationId],
    ['state', talk.state(state)],
  ]);
  const rows = sites.map(({ environment, step, url }) => [
    environment,
    talk.state(step),
    url ?? '',
  ]);
  return rows.length === 0 ? head : `${head}\n${table(rows)}`;
}
