// House rules for what surrounds the core: the Worker's shell and workflows.
import { eachCodeLine, eachLine, type Rule, type SourceFile, withoutComments } from './tree.ts';

const isShim = (file: SourceFile): boolean =>
  /^worker-shim\/.*\.tsx?$/.test(file.path) && !file.path.endsWith('.test.ts');
const shim = (path: string, text: string): SourceFile => ({ path: `worker-shim/${path}`, text });

const bytesStayBytes: Rule = {
  name: 'the shell never parses a body: no .json() calls',
  check: (file) => (isShim(file) ? eachCodeLine(file, /\.json\(\s*\)/, '.json()') : []),
  planted: [shim('routes/a.ts', 'const body = await request.json();\n')],
  allowed: [shim('routes/a.ts', '// never request.json()\nconst b = await request.bytes();\n')],
};

const sqlInOnePlace: Rule = {
  name: 'SQL stands in worker-shim/storage/statements.ts only',
  check: (file) => {
    if (!isShim(file) || file.path === 'worker-shim/storage/statements.ts') return [];
    const sql =
      /\b(SELECT\s.*\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b/;
    const code = { path: file.path, text: withoutComments(file.text) };
    return eachLine(code, (line) => line.match(sql)?.[0]);
  },
  planted: [
    shim('routes/a.ts', "db.prepare('SELECT x FROM y');\n"),
    shim('storage/a.ts', 'const q = `INSERT OR IGNORE INTO a VALUES (?)`;\n'),
  ],
  allowed: [
    shim('storage/statements.ts', "export const a = 'SELECT x FROM y';\n"),
    shim('routes/a.ts', '// SELECT x FROM y happens in statements.ts\n'),
  ],
};

const portsOnly: Rule = {
  name: 'the shell reads clock, randomness and network through its ports',
  check: (file) => {
    const ports = ['ports.ts', 'upstream/send.ts', 'pages/browser.ts'].map(
      (name) => `worker-shim/${name}`,
    );
    if (!isShim(file) || ports.includes(file.path)) return [];
    // Importing keys, signing, verifying, sealing and opening give the same for the same.
    const pure = 'importKey|sign|verify|encrypt|decrypt';
    const impure = String.raw`(?<![.\w])crypto\.(?!subtle\.(${pure})\b)`;
    const clocks = String.raw`\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bglobalThis\.`;
    const ambient = new RegExp(`${clocks}|${impure}`);
    const network = /(?<![.\w])(?<!async )fetch\((?!.*\{$)/;
    return [
      ...eachCodeLine(file, ambient, 'an ambient clock or source of randomness'),
      ...eachCodeLine(file, network, 'the global fetch'),
    ];
  },
  planted: [
    shim('run.ts', 'const now = Date.now();\n'),
    shim('run.ts', 'const id = crypto.randomUUID();\n'),
    shim('run.ts', 'const key = await crypto.subtle.generateKey(a, true, b);\n'),
    shim('run.ts', 'const answer = await fetch(url);\n'),
  ],
  allowed: [
    shim('ports.ts', 'export const now = (): number => Date.now();\n'),
    shim('main.ts', 'export default {\n  async fetch(request, env) {\n  },\n};\n'),
    shim('run.ts', 'const answer = await ports.fetch(url);\n'),
    shim('auth/a.ts', 'const sound = await crypto.subtle.verify(a, b, c, d);\n'),
  ],
};

const pinnedActions: Rule = {
  name: 'workflow actions are pinned by commit',
  check: (file) => {
    if (!/(^|\/)(\.github\/.*|action)\.ya?ml$/.test(file.path)) return [];
    const pinned = /^(\.\/|[^@]+@[0-9a-f]{40}$|docker:\/\/[^@]+@sha256:[0-9a-f]{64}$)/;
    return eachLine(file, (line) => {
      const used = line.match(/^\s*(?:-\s+)?uses:\s*["']?([^\s"'#]+)/)?.[1];
      return used === undefined || pinned.test(used) ? undefined : used;
    });
  },
  planted: [{ path: '.github/workflows/a.yml', text: '  - uses: actions/checkout@v5\n' }],
  allowed: [
    {
      path: 'builder/.github/workflows/a.yml',
      text: `  - uses: actions/checkout@${'0a'.repeat(20)} # v5\n  - uses: ./local\n`,
    },
  ],
};

/** The rules of this file. */
export const shellRules: readonly Rule[] = [
  bytesStayBytes,
  sqlInOnePlace,
  portsOnly,
  pinnedActions,
];
