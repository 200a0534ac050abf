// Deployment is central: only the builder's one workflow deploys, and nothing in the starter does.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './fake_runner.ts';

type Files = ReadonlyMap<string, string>;

/** The files of both templates, by their path from the root. */
function templateFiles(): Files {
  const files = ['starter', 'builder'].flatMap((template) =>
    readdirSync(join(ROOT, template), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).replace(/^\//, '')),
  );
  const own = files.filter((path) => !/(^|\/)(node_modules|dist)\//.test(path));
  return new Map(own.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

const the_workflow = 'builder/.github/workflows/build.yml';
const deploys = /\b(wrangler|cloudflare\/(pages|wrangler)-action|gh-pages|netlify|vercel|surge)\b/i;
const pipelines =
  /(^|\/)(\.gitlab-ci\.yml|Jenkinsfile|\.circleci|azure-pipelines\.yml|\.drone\.yml)/;

/** What in these files deploys, beside the one workflow. */
function deploying(files: Files): string[] {
  return [...files].flatMap(([path, text]) => {
    if (path === the_workflow) return [];
    if (/(^|\/)\.github\//.test(path) || pipelines.test(path)) return [`${path} is a pipeline`];
    if (/(^|\/)wrangler\.(toml|jsonc?)$/.test(path)) return [`${path} configures a deployment`];
    if (/(^|\/)(functions\/|_worker\.js|_routes\.json)/.test(path)) return [`${path} is a server`];
    if (/\.ya?ml$/.test(path) && /^on:|^\s+runs-on:/m.test(text)) return [`${path} is a workflow`];
    if (!path.endsWith('package.json')) return [];
    return scriptsThatDeploy(path, text);
  });
}

function scriptsThatDeploy(path: string, text: string): string[] {
  const manifest: Manifest = JSON.parse(text);
  const scripts = Object.entries(manifest.scripts ?? {})
    .filter(([name, command]) => /deploy|publish|release/i.test(name) || deploys.test(command))
    .map(([name]) => `${path} has the script ${name}`);
  // The builder's wrangler is installed for its workflow, which runs it from a folder of its own.
  const packages = path.startsWith('builder/')
    ? []
    : Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const tools = packages.filter((name) => deploys.test(name));
  return [...scripts, ...tools.map((name) => `${path} depends on ${name}`)];
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

test('only the builder deploys, by its one workflow', () => {
  const files = templateFiles();
  assert.ok(files.has(the_workflow) && files.has('starter/package.json'));
  assert.deepEqual(deploying(files), []);
});

const planted: readonly (readonly [string, string])[] = [
  ['starter/.github/workflows/deploy.yml', 'on: push\n'],
  ['starter/.github/workflows/preview.yaml', 'on: pull_request\n'],
  ['starter/ci/deploy.yml', 'jobs:\n  deploy:\n    runs-on: ubuntu-24.04\n'],
  ['starter/.gitlab-ci.yml', 'deploy: {}\n'],
  ['starter/wrangler.toml', 'name = "x"\n'],
  ['starter/wrangler.jsonc', '{}\n'],
  ['starter/functions/index.js', 'export {};\n'],
  ['starter/public/_worker.js', 'export default {};\n'],
  ['starter/package.json', '{"scripts":{"deploy":"node x.js"}}'],
  ['starter/package.json', '{"scripts":{"ship":"pnpm build && wrangler pages deploy dist"}}'],
  ['starter/package.json', '{"devDependencies":{"gh-pages":"6.0.0"}}'],
  ['builder/.github/workflows/deploy.yml', 'on: push\n'],
  ['builder/package.json', '{"scripts":{"deploy":"wrangler deploy"}}'],
];

for (const [path, text] of planted) {
  test(`${path} that deploys is found: ${text.split('\n', 1)}`, () => {
    const files = new Map([...templateFiles(), [path, text]]);
    assert.equal(deploying(files).length, 1);
  });
}

test('the README of the starter says what it is for, and that deployment is central', () => {
  const text = readFileSync(join(ROOT, 'starter/README.md'), 'utf8').replaceAll(/\s+/g, ' ');
  for (const words of [
    'development template',
    'does not deploy anything',
    'nno-platform-builder',
  ]) {
    assert.ok(text.includes(words), words);
  }
});
