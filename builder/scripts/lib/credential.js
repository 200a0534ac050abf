// What the builder proves itself with: the key that it is given, or the token that GitHub makes for
// this job, where the job may ask for one (`permissions: id-token: write`).

const TIMEOUT_MS = 10_000;
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const LONGEST_TOKEN = 16_384;

/**
 * Gives a function that gets a bearer. It throws what fetch throws, or an Error, when GitHub gives
 * no token; that may be tried again. `audience` is the address that the token is made for.
 * @throws Error when there is neither a key nor a way to a token
 */
export function createCredential(env, audience) {
  const key = env.NNO_INTERNAL_API_KEY ?? '';
  if (key !== '') return async () => key;
  const address = env.ACTIONS_ID_TOKEN_REQUEST_URL ?? '';
  const requestToken = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '';
  if (!URL.canParse(address) || requestToken === '') {
    throw new Error(
      'The secret NNO_INTERNAL_API_KEY is missing, and the job has no permission id-token: write',
    );
  }
  return () => askForToken(address, requestToken, audience);
}

async function askForToken(address, requestToken, audience) {
  const url = new URL(address);
  url.searchParams.set('audience', audience);
  const headers = { accept: 'application/json', authorization: `Bearer ${requestToken}` };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { headers, redirect: 'error', signal });
  if (!response.ok) throw new Error(`GitHub's token address answered ${response.status}`);
  const { value } = await response.json();
  if (typeof value === 'string' && value.length <= LONGEST_TOKEN && TOKEN.test(value)) {
    // Masked before anything can be said of it.
    console.log(`::add-mask::${value}`);
    return value;
  }
  throw new Error("GitHub's token address answered no token");
}
