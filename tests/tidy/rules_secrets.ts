// House rules for secrets: where they are compared.
import { eachCodeLine, type Rule, type SourceFile } from './tree.ts';

const shim = (path: string, text: string): SourceFile => ({ path: `worker-shim/${path}`, text });

// Pages run in a browser and know no secret to compare with. The others compare the instance's own
// tokens with one another: nothing that a caller sent.
const elsewhere = [
  'worker-shim/pages/',
  'worker-shim/auth/secret.ts',
  'worker-shim/settings.ts',
  'worker-shim/upstream/installation_tokens.ts',
];

const secret = String.raw`[\w.#?]*(?:secret|token|signature|digest|password|hmac|_key|apiKey)s?`;
const plain = String.raw`(?:undefined|null|true|false|''|"|'[\w-]|\d)`;
const compared = new RegExp(
  [
    String.raw`\b${secret}\s*[!=]==?(?![=\s]*${plain})`,
    String.raw`(?<!undefined|null|'|\d)\s[!=]==?\s*${secret}\b(?![.(\w])`,
    String.raw`\.(?:includes|startsWith|endsWith|indexOf|localeCompare)\(\s*${secret}\b`,
    String.raw`\btimingSafeEqual\b`,
  ].join('|'),
  'i',
);

const secretsInOnePlace: Rule = {
  name: 'secrets are compared in worker-shim/auth/secret.ts only',
  check: (file) => {
    const is_shim = /^worker-shim\/.*\.tsx?$/.test(file.path);
    if (!is_shim || elsewhere.some((path) => file.path.startsWith(path))) return [];
    // The type of a value, and what came of asking for one, is no secret.
    const code = file.text
      .replaceAll(/typeof [\w.]+/g, 'type')
      .replaceAll(/\.outcome [!=]==/g, ' of');
    return eachCodeLine({ path: file.path, text: code }, compared, 'a secret is compared here');
  },
  planted: [
    shim('app.ts', 'if (token === keys.admin) return;\n'),
    shim('app.ts', 'const known = given !== webhook_secret;\n'),
    shim('auth/signature.ts', 'return signature == wanted;\n'),
    shim('auth/principal.ts', 'const admin = keys.admin.includes(token);\n'),
    shim('routes/a.ts', 'if (given.startsWith(secret)) return;\n'),
    shim('routes/a.ts', 'return timingSafeEqual(left, right);\n'),
    shim('routes/a.ts', 'return hexOf(given) === digest;\n'),
  ],
  allowed: [
    shim('auth/secret.ts', 'const equal = digest === other;\n'),
    shim('app.ts', 'if (token === undefined || secret_prefix !== undefined) return;\n'),
    shim('app.ts', "if (typeof token === 'string') return;\n"),
    shim('app.ts', "if (token.outcome !== 'token') return;\n"),
    shim('app.ts', 'return found ? token : undefined;\n'),
  ],
};

/** The rules of this file. */
export const secretRules: readonly Rule[] = [secretsInOnePlace];
