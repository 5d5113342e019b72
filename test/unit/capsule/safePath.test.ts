import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import {
  CollisionGuard,
  DEFAULT_PATH_LIMITS,
  linkProblem,
  pathProblem,
} from '../../../src/capsule/safePath.ts';

const LIMITS = DEFAULT_PATH_LIMITS;

describe('safe paths', () => {
  const good = [
    'a',
    'a/b.c',
    '.env',
    '..a',
    'a..',
    'src/[id]/page.tsx',
    'naïve/日本.txt',
    'docs/❤️.md',
    '👩‍💻/notes.txt',
    'git',
    '.github/workflows',
    '.gitignore',
    'meshsim',
    'console.log',
  ].filter((name) => !name.endsWith('.'));
  for (const name of good) {
    it(`admits ${name}`, () => assert.equal(pathProblem(name, LIMITS), undefined));
  }

  const bad = [
    '',
    '/',
    '/etc/passwd',
    '..',
    '../a',
    'a/../b',
    'a/..',
    './a',
    'a//b',
    'a/',
    'a\\b',
    '..\\a',
    'C:',
    'C:/a',
    'a:b',
    'a\0b',
    'a\nb',
    'a?',
    'a*',
    'con',
    'CON.txt',
    'x/Aux',
    'nul',
    'com1.log',
    'LPT9',
    'com¹',
    'conin$',
    'a.',
    'a ',
    'a /b',
    '.git',
    '.GIT/config',
    'x/.git/hooks/post-checkout',
    'git~1',
    'GIT~42',
    '.g\u200cit/config',
    'x/.gi\u200dt\ufeff',
    '.\u206agit',
    '.g\u0131t',
    '.git ',
    '.git. .',
    '.git::$INDEX_ALLOCATION',
    '.git\\x',
    '.meshsim/ledger',
    '.MESHSIM',
    '.mesh\u017fim',
    '.mesh\u200csim',
    'MESHSI~1',
    'a\u0085b',
    'a\u009bb',
    'a\u202ecod.txt',
    'a\u2066b',
    'a\u3164b',
    'a\ufe0fb',
    'n'.repeat(256),
    'é'.repeat(128),
    Array.from({ length: 33 }, () => 'd').join('/'),
    `${'x'.repeat(200)}/`.repeat(6) + 'x',
  ];
  for (const name of bad) {
    it(`refuses ${JSON.stringify(name.slice(0, 40))}`, () =>
      assert.notEqual(pathProblem(name, LIMITS), undefined));
  }

  it('never admits a path that leaves its folder', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', 'a', 'C:', '\\', '/'), fc.string());
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const name = parts.join('/');
        if (pathProblem(name, LIMITS) !== undefined) return;
        for (const system of [path.posix, path.win32]) {
          const root = system.resolve('/srv/tree');
          assert.ok(system.resolve(root, name).startsWith(root + system.sep));
        }
      }),
    );
  });
});

describe('safe links', () => {
  const good: [string, string][] = [
    ['a', 'b'],
    ['a/b', '../c'],
    ['a/b/c', '../../d/e'],
    ['a/b', '..'],
    ['a', '.'],
    ['a', 'b/'],
  ];
  for (const [name, target] of good) {
    it(`admits ${name} -> ${target}`, () =>
      assert.equal(linkProblem(name, target, LIMITS), undefined));
  }

  const bad: [string, string][] = [
    ['a', '..'],
    ['a', '../x'],
    ['a/b', '../../x'],
    ['a', '/etc/passwd'],
    ['a', ''],
    ['a', 'b/../../c'],
    ['p/q/a', 'b/../x'],
    ['a', './b'],
    ['a', 'C:\\x'],
    ['a', '..\\x'],
    ['a', 'b/./c'],
    ['a', '/'],
    ['a', 'b//c'],
    ['a', '.git/config'],
  ];
  for (const [name, target] of bad) {
    it(`refuses ${name} -> ${target}`, () =>
      assert.notEqual(linkProblem(name, target, LIMITS), undefined));
  }
});

describe('colliding names', () => {
  const collisions: [string, string][] = [
    ['a', 'a'],
    ['README', 'readme'],
    ['Src/a', 'src/b'],
    ['caf\u00e9', 'cafe\u0301'],
    ['stra\u00dfe', 'STRASSE'],
    ['\u212a', 'k'],
    ['a', 'a/b'],
    ['a/b', 'a'],
    ['a\u200cb', 'ab'],
    ['\u017f', 's'],
    ['\u03c3', '\u03c2'],
  ];
  for (const [first, second] of collisions) {
    it(`finds ${JSON.stringify(first)} and ${JSON.stringify(second)}`, () => {
      const guard = new CollisionGuard();
      assert.equal(guard.admit(first), undefined);
      assert.notEqual(guard.admit(second), undefined);
    });
  }

  it('admits names that only look alike', () => {
    const guard = new CollisionGuard();
    for (const name of ['a', 'a.b', 'ab/c', 'ab/d', 'b/a', 'A1'])
      assert.equal(guard.admit(name), undefined);
  });
});
