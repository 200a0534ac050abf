// The errors of the API: one line a code, and the envelope that carries them.

import { Refusal } from '../base/strict.ts';

/** An error answer. `pointer` is a JSON Pointer into the request body, where one applies. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: number;
  readonly pointer: string | undefined;
  readonly headers: Record<string, string>;
  constructor(
    status: number,
    code: number,
    message: string,
    more: { pointer?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.pointer = more.pointer;
    this.headers = more.headers ?? {};
  }
}

const table = {
  unknown: [500, 8000000, 'An unknown error occurred.'],
  nameExists: [
    409,
    8000002,
    'A project with this name already exists. Choose a different project name.',
  ],
  invalidName: [
    400,
    8000003,
    'You have entered an invalid project name. Project names can be 1-58 lowercase characters ' +
      'with dashes, but cannot start/end with a dash.',
  ],
  projectNotFound: [
    404,
    8000007,
    'Project not found. The specified project name does not match any of your existing projects.',
  ],
  gitDisconnected: [404, 8000008, 'This project is disconnected from your Git account.'],
  deploymentNotFound: [404, 8000009, 'The deployment ID you have specified does not exist.'],
  gitInstallation: [
    400,
    8000011,
    'There is an internal issue with your Cloudflare Pages Git installation. If this issue ' +
      'persists after reinstalling your installation, contact support: https://cfl.re/3WgEyrH.',
  ],
  repositoryNotSelected: [404, 8000012, 'The GitHub App has no access to this repository.'],
  uploadUnauthorized: [403, 8000013, 'Authorization failed'],
  domainExists: [
    400,
    8000018,
    'You have already added this custom domain. Select another custom domain or check your ' +
      'project configuration.',
  ],
  domainNotFound: [404, 8000021, 'The custom domain does not exist.'],
  listOptions: [
    400,
    8000024,
    'Invalid list options provided. Review the `page` or `per_page` parameter.',
  ],
  projectLimit: [
    400,
    8000027,
    'You have reached the limit of projects you can have on your account.',
  ],
  domainsLeft: [400, 8000028, 'Must delete custom domains before deleting project'],
  subdomainBlocked: [
    400,
    8000030,
    'Subdomain is blocked. Enter a new subdomain or contact abusereply@cloudflare.com.',
  ],
  activeProduction: [400, 8000034, 'You cannot delete the active production deployment.'],
  aliased: [400, 8000035, 'An aliased deployment is deleted only with `force=true`.'],
  accountBlocked: [
    403,
    8000036,
    'Your Cloudflare account has been blocked. Contact abusereply@cloudflare.com.',
  ],
  failOpen: [400, 8000066, '`fail_open` must be the same in preview and production.'],
  directUploadSource: [
    400,
    8000069,
    'You cannot update the `source` object in a Direct Uploads project.',
  ],
  tooManyDeployments: [
    400,
    8000076,
    'Your project has too many deployments to be deleted, follow this guide to delete them: ' +
      'https://cfl.re/3CXesln',
  ],
  emailUnverified: [403, 8000077, 'Your user email must been verified'],
  manifestMissing: [
    400,
    8000096,
    "A 'manifest' field was expected in the request body but was not provided.",
  ],
  commitMessage: [400, 8000111, 'Invalid commit message, it must be a valid UTF-8 string.'],
  projectBlocked: [
    403,
    8000119,
    'Your Pages project has been blocked. Contact abusereply@cloudflare.com.',
  ],
  hookNotFound: [404, 7003, 'Could not route to the requested path.'],
  noRoute: [404, 7003, 'Could not route to the requested path.'],
  invalidToken: [403, 9109, 'Invalid access token'],
  authentication: [403, 10000, 'Authentication error'],
} as const satisfies Record<string, readonly [number, number, string]>;

/** The refusal named `name`. */
export function refusal(name: keyof typeof table): ApiError {
  const [status, code, message] = table[name];
  return new ApiError(status, code, message);
}

/** A request body that is not what the operation takes; `pointer` shows the place. */
export function invalidBody(pointer: string, message: string): ApiError {
  return new ApiError(400, 10001, message, { pointer });
}

/** A success envelope around `result`. */
export function ok(result: unknown, resultInfo?: unknown): Response {
  const info = resultInfo === undefined ? {} : { result_info: resultInfo };
  return Response.json({ success: true, errors: [], messages: [], result, ...info });
}

/** The answer for `error`; undefined for a defect, which is not an answer. */
export function errorAnswer(error: unknown): Response | undefined {
  if (error instanceof Refusal) return envelope(invalidBody(error.pointer, error.message));
  return error instanceof ApiError ? envelope(error) : undefined;
}

/** The service's own answer for a bare HTTP status, as a planned fault asks for it. */
export function statusAnswer(status: number): Response {
  if (status === 429) return envelope(new ApiError(429, 971, 'Please wait and retry later.'));
  return envelope(new ApiError(status, 8000000, 'An unknown error occurred.'));
}

function envelope(error: ApiError): Response {
  const source = error.pointer === undefined ? {} : { source: { pointer: error.pointer } };
  const errors = [{ code: error.code, message: error.message, ...source }];
  return Response.json(
    { success: false, errors, messages: [], result: null },
    { status: error.status, headers: error.headers },
  );
}
