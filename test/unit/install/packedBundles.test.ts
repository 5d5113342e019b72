import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../../..');

function bundlesIn(list: string): string[] {
  const lines = readFileSync(path.join(ROOT, list), 'utf8').split('\n');
  return lines.flatMap((line) => /^!dist\/([\w.]+)$/.exec(line)?.[1] ?? []).sort();
}

describe('install: what is packed', () => {
  it('for npm and as an extension is the same, but for what only one of them starts', () => {
    const ofEditor = ['extension.cjs', 'studioHost.cjs'];
    const forBoth = bundlesIn('.vscodeignore').filter((name) => !ofEditor.includes(name));
    assert.ok(forBoth.length > 8);
    assert.deepEqual(bundlesIn('.npmignore'), [...forBoth, 'verifySim.cjs'].sort());
  });
});
