// Every house rule holds in the whole tree, and catches the violations planted for it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { coreRules } from './rules_core.ts';
import { docRules } from './rules_docs.ts';
import { secretRules } from './rules_secrets.ts';
import { shellRules } from './rules_shell.ts';
import { textRules } from './rules_text.ts';
import { sourceTree } from './tree.ts';

const tree = sourceTree();

for (const rule of [...textRules, ...coreRules, ...shellRules, ...secretRules, ...docRules]) {
  describe(rule.name, () => {
    test('in the tree', () => {
      const found = tree.flatMap((file) => rule.check(file));
      const lines = found.map(({ path, line, why }) => `${path}:${line}: ${why}`);
      assert.ok(lines.length === 0, lines.join('\n'));
    });

    test('a planted violation is caught, a near miss is not', () => {
      assert.notEqual(rule.planted.length, 0);
      for (const file of rule.planted) assert.notDeepEqual(rule.check(file), [], file.text);
      for (const file of rule.allowed) assert.deepEqual(rule.check(file), [], file.text);
    });
  });
}
