// The runs of wrangler whose requests are recorded: a folder of files each, and how it is deployed.

/** One story: the same folder is deployed as often as there are `runs`. */
export interface Story {
  readonly name: string;
  /** Text or bytes by path. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** What is said to wrangler; `{site}` is the folder. */
  readonly runs: readonly (readonly string[])[];
  /** The project is not made before. */
  readonly missing?: true;
}

const deploy = ['pages', 'deploy', '{site}', '--project-name', 'demo'];
const commit = ['--commit-hash', 'abc', '--commit-message', 'slipway dep_1'];
const main = [...deploy, '--branch', 'main', ...commit];
const index = { 'index.html': '<h1>hi</h1>\n' };

// Bytes that nothing makes shorter, the same every time.
function noise(count: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

// No two are equally long: wrangler puts the files into requests by their length.
const many = Object.fromEntries(
  Array.from({ length: 12 }, (_, i) => [`assets/part-${i}.js`, `//${'.'.repeat(20 + i)}\n`]),
);

/** Every story. */
export const stories: readonly Story[] = [
  { name: 'one_file', files: index, runs: [main] },
  {
    name: 'folders',
    files: {
      ...index,
      ...many,
      'a/b/c/deep.css': 'a{}\n',
      'docs/a b.txt': 'a space\n',
      'docs/\u00fcber.txt': 'an umlaut\n',
      '.well-known/slipway.json': '{}\n',
      'no-extension': 'x\n',
      'empty.txt': '',
      'pixel.bin': Uint8Array.from([0, 1, 2, 253, 254, 255]),
      '.DS_Store': 'left out\n',
      'node_modules/left/out.js': 'left out\n',
      '.git/config': 'left out\n',
    },
    runs: [main],
  },
  {
    name: 'special_files',
    files: {
      ...index,
      _headers: '/*\n  x-kind: site\n',
      _redirects: '/old / 301\n',
      '_routes.json': '{"version":1,"include":["/api/*"],"exclude":[]}\n',
      'below/_headers': 'an asset like others\n',
    },
    runs: [main],
  },
  { name: 'preview', files: index, runs: [[...deploy, '--branch', 'Try/It', ...commit]] },
  { name: 'without_commit', files: index, runs: [[...deploy, '--branch', 'main']] },
  { name: 'large_file', files: { ...index, 'large.bin': noise(3_000_000) }, runs: [main] },
  { name: 'twice', files: { ...index, 'same.txt': index['index.html'] }, runs: [main, main] },
  { name: 'skip_caching', files: index, runs: [main, [...main, '--skip-caching']] },
  { name: 'empty_folder', files: {}, runs: [main] },
  { name: 'missing_project', files: index, runs: [main], missing: true },
  {
    name: 'project',
    files: {},
    missing: true,
    runs: [
      ['pages', 'project', 'create', 'demo', '--production-branch', 'main', '--force'],
      ['pages', 'project', 'list'],
      ['pages', 'deployment', 'list', '--project-name', 'demo'],
      ['pages', 'project', 'delete', 'demo', '--yes'],
    ],
  },
];
