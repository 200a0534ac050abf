// What may come in from outside: the workflow's inputs and the claim's answer. Both end up in paths
// and arguments, so everything is held to its exact form before anything is done with it.

const DISPATCH_KEY = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const PLATFORM_ID = /^(?=.{3,46}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const ENVIRONMENT = /^(dev|stg|prod)$/;
const ACCOUNT = /^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const IDENTIFIER = /^[A-Za-z0-9_-]{1,64}$/;
const PROJECT = /^(?=.{1,58}$)[a-z0-9]+(-+[a-z0-9]+)*$/;
const BRANCH = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/;
const SHA = /^([0-9a-f]{40})?$/;
const RUN_ID = /^[0-9]{1,20}$/;
const SHARD = /^(0|[1-9][0-9]{0,3})$/;
const TOKEN = /^slb_[A-Za-z0-9_-]{43}$/;
const MOST_DEPLOYMENTS = 1000;
const MOST_SHARDS = 10_000;

// What a claim may name its batch by: the variable, the field of the claim, the form.
const SELECTORS = [
  ['DISPATCH_KEY', 'dispatchKey', DISPATCH_KEY],
  ['PLATFORM_ID', 'platformId', PLATFORM_ID],
  ['BATCH_ID', 'batchId', IDENTIFIER],
  // The next batch of the account that waits for a runner.
  ['NEXT_BATCH', 'next', /^true$/],
];

function held(name, value, form) {
  if (typeof value === 'string' && form.test(value)) return value;
  throw new Error(`${name} does not match ${form}`);
}

function wholeNumber(name, value) {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`${name} is not a whole number of 1 or more`);
}

function readSelector(env) {
  const given = SELECTORS.filter(([variable]) => (env[variable] ?? '') !== '');
  if (given.length !== 1) {
    throw new Error('Give either platformId (by hand) or dispatchKey (by Slipway)');
  }
  const [[variable, field, form]] = given;
  return { by: field, value: held(field, env[variable], form) };
}

/**
 * Reads one of DISPATCH_KEY, PLATFORM_ID, BATCH_ID, NEXT_BATCH; SHARD, TARGET_ENV, ACCOUNT and the
 * run's id. Only the next batch of an account may be of any environment. @throws Error
 */
export function readInputs(env = process.env) {
  const { by, value } = readSelector(env);
  const any = by === 'next' && (env.TARGET_ENV ?? '') === '';
  return {
    by,
    value,
    shard: Number(held('shard', env.SHARD || '0', SHARD)),
    environment: any ? '' : held('env', env.TARGET_ENV, ENVIRONMENT),
    account: held('account', env.ACCOUNT, ACCOUNT),
    runId: held('GITHUB_RUN_ID', env.GITHUB_RUN_ID, RUN_ID),
    runAttempt: wholeNumber('GITHUB_RUN_ATTEMPT', Number(env.GITHUB_RUN_ATTEMPT)),
  };
}

function selectorOf({ by, value, account, environment }) {
  if (by === 'platformId') return { platformId: value, env: environment };
  if (by === 'next') return environment === '' ? { account } : { account, env: environment };
  return { [by]: value };
}

/**
 * The claim's body for these inputs. Shard 0 goes without saying: so this builder works with an API
 * that knows no shards, which is updated after it.
 */
export function claimOf(inputs) {
  const { shard, runId, runAttempt } = inputs;
  const run = { runId, runAttempt };
  return { ...selectorOf(inputs), ...(shard === 0 ? {} : { shard }), ...run };
}

function readDeployment(value) {
  return {
    deploymentId: held('deploymentId', value?.deploymentId, IDENTIFIER),
    platformId: held('platformId', value.platformId, PLATFORM_ID),
    environment: held('environment', value.environment, ENVIRONMENT),
    projectName: held('projectName', value.projectName, PROJECT),
    branch: held('branch', value.branch, BRANCH),
    configVersion: wholeNumber('configVersion', value.configVersion),
    shellSha: held('shellSha', value.shellSha, SHA),
    step: 'claimed',
    reported: false,
  };
}

/** The token that the claim's answer brings for the batch; empty where it brings none. */
export function readToken(answer) {
  return answer?.token === undefined ? '' : held('token', answer.token, TOKEN);
}

/** How many shards the batch has: 1 where the API knows none. */
function readShards(answer, inputs) {
  const { shard = inputs.shard, shards = inputs.shard + 1 } = answer;
  if (shard !== inputs.shard) throw new Error(`The answer is not of shard ${inputs.shard}`);
  if (wholeNumber('shards', shards) > MOST_SHARDS) throw new Error('The batch has too many shards');
  return shards;
}

/**
 * Reads the claim's answer into a batch: this shard's deployments, perhaps none. Fields that this
 * builder does not know are left out.
 */
export function readBatch(answer, inputs) {
  const list = answer?.deployments;
  if (!Array.isArray(list) || list.length > MOST_DEPLOYMENTS) {
    throw new Error(`A shard has at most ${MOST_DEPLOYMENTS} deployments`);
  }
  const batch = {
    runId: inputs.runId,
    batchId: held('batchId', answer.batchId, IDENTIFIER),
    account: held('account', answer.account, ACCOUNT),
    environment: held('environment', answer.environment, ENVIRONMENT),
    shard: inputs.shard,
    shards: readShards(answer, inputs),
    deployments: list.map(readDeployment),
  };
  const ids = new Set(batch.deployments.map((each) => each.deploymentId));
  if (ids.size !== list.length) throw new Error('A deployment is named twice');
  return batch;
}

/**
 * Why this run cannot serve the batch, or undefined. Its secrets are those of one account and
 * environment, and its checkout is of one commit of the starter.
 */
export function mismatch(batch, inputs) {
  const environment = inputs.environment || batch.environment;
  if (batch.account !== inputs.account || batch.environment !== environment) {
    const ours = `${inputs.account}-${environment}`;
    return `This run's secrets are of ${ours}, the batch of ${batch.account}-${batch.environment}`;
  }
  const [first] = batch.deployments;
  if (batch.deployments.some((each) => each.environment !== batch.environment)) {
    return 'The batch mixes environments';
  }
  if (batch.deployments.some((each) => each.shellSha !== first.shellSha)) {
    return 'The batch mixes commits of the starter; a run builds one';
  }
  return undefined;
}
