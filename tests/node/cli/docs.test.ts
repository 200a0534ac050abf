// docs/cli.md shows every command, and every command line in it is understood; README names it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exits } from '../../../cli/errors.ts';
import { option_specs, readLine, requireTaken } from '../../../cli/options.ts';
import { commands } from '../../../cli/run.ts';
import { root } from './support.ts';

const text = readFileSync(join(root, 'docs/cli.md'), 'utf8');
const lines = text.split('\n').filter((line) => line.startsWith('slipway '));

test('every command has an example', () => {
  for (const { name } of commands) {
    const shown = lines.some((line) => `${line} `.startsWith(`slipway ${name} `));
    assert.ok(shown, `slipway ${name}`);
  }
});

test('every example is a command with options of its own', () => {
  for (const line of lines) {
    const words = line.replace(/ [<>] \S+/g, '').match(/"[^"]*"|\S+/g) ?? [];
    const { words: named, values } = readLine(words.slice(1));
    const name = named.join(' ');
    const command = commands
      .filter((each) => `${name} `.startsWith(`${each.name} `))
      .sort((a, b) => b.name.length - a.name.length)[0];
    assert.ok(command, line);
    requireTaken(values, command.options, command.name);
  }
});

test('every exit code is in the table', () => {
  for (const code of Object.values(exits)) {
    assert.match(text, new RegExp(`^\\| ${code} \\|`, 'm'), String(code));
  }
});

test('every option that a text names exists', () => {
  const prose = text.replace(/```[\s\S]*?```/g, '');
  const named = [...prose.matchAll(/`--([a-z-]+)/g)].map(([, name]) => name ?? '');
  const known = Object.keys(option_specs);
  for (const name of named) assert.ok(known.includes(name.replace(/^no-/, '')), name);
});

test('README names the command line', () => {
  assert.match(readFileSync(join(root, 'README.md'), 'utf8'), /docs\/cli\.md/);
});
