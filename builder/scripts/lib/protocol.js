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
const TOKEN = /^slb_[A-Za-z0-9_-]{43}$/;
const MOST_DEPLOYMENTS = 1000;

function held(name, value, form) {
  if (typeof value === 'string' && form.test(value)) return value;
  throw new Error(`${name} does not match ${form}`);
}

function wholeNumber(name, value) {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`${name} is not a whole number of 1 or more`);
}

/** Reads DISPATCH_KEY, PLATFORM_ID, TARGET_ENV, ACCOUNT and the run's id. @throws Error */
export function readInputs(env = process.env) {
  const dispatchKey = env.DISPATCH_KEY ?? '';
  const platformId = env.PLATFORM_ID ?? '';
  if ((dispatchKey === '') === (platformId === '')) {
    throw new Error('Give either platformId (by hand) or dispatchKey (by Slipway)');
  }
  return {
    dispatchKey: dispatchKey && held('dispatchKey', dispatchKey, DISPATCH_KEY),
    platformId: platformId && held('platformId', platformId, PLATFORM_ID),
    environment: held('env', env.TARGET_ENV, ENVIRONMENT),
    account: held('account', env.ACCOUNT, ACCOUNT),
    runId: held('GITHUB_RUN_ID', env.GITHUB_RUN_ID, RUN_ID),
    runAttempt: wholeNumber('GITHUB_RUN_ATTEMPT', Number(env.GITHUB_RUN_ATTEMPT)),
  };
}

/** The claim's body for these inputs. */
export function claimOf(inputs) {
  const { dispatchKey, platformId, environment, runId, runAttempt } = inputs;
  if (dispatchKey !== '') return { dispatchKey, runId, runAttempt };
  return { platformId, env: environment, runId, runAttempt };
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

/** Reads the claim's answer into a batch; fields that this builder does not know are left out. */
export function readBatch(answer, inputs) {
  const list = answer?.deployments;
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_DEPLOYMENTS) {
    throw new Error(`A batch has 1 to ${MOST_DEPLOYMENTS} deployments`);
  }
  const batch = {
    runId: inputs.runId,
    batchId: held('batchId', answer.batchId, IDENTIFIER),
    account: held('account', answer.account, ACCOUNT),
    environment: held('environment', answer.environment, ENVIRONMENT),
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
  if (batch.account !== inputs.account || batch.environment !== inputs.environment) {
    const ours = `${inputs.account}-${inputs.environment}`;
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
