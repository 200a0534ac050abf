// `npm run audit`: what the registry knows against the packages of the lock, those that the Worker
// ships first, then all. What docs/threat-model.md explains is let pass.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explained, readReport } from './lib/advisories.mjs';
import { root } from './lib/process.mjs';

const known = explained(readFileSync(join(root, 'docs/threat-model.md'), 'utf8'));
let open = 0;
for (const [what, more] of /** @type {const} */ ([
  ['packages that the Worker ships', ['--omit=dev']],
  ['all packages', []],
])) {
  const { stdout } = spawnSync('npm', ['audit', '--json', ...more], {
    cwd: root,
    encoding: 'utf8',
  });
  const report = readReport(stdout);
  if (typeof report === 'string') {
    console.error(`${what}: not known, the registry does not answer: ${report}`);
    process.exit(2);
  }
  const news = report.filter(({ id }) => !known.has(id));
  open += news.length;
  console.log(`${what}: ${report.length} advisories, ${report.length - news.length} explained`);
  for (const { id, name, severity, title } of news) {
    console.log(`  ${id} ${name} (${severity}): ${title}`);
  }
}
process.exit(open === 0 ? 0 : 1);
