import assert from 'node:assert/strict';
import { belongsTo, globMatcher, globProblem } from '../../../src/capsule/globs.ts';

describe('patterns of a root', () => {
  const CASES: readonly [pattern: string, yes: readonly string[], no: readonly string[]][] = [
    ['packages/shared', ['packages/shared', 'packages/shared/a/b.ts'], ['packages/shared2/a']],
    ['packages/shared/', ['packages/shared/a'], ['packages']],
    ['./apps/*', ['apps/api/x/y', 'apps/.hidden'], ['apps', 'lib/apps/api']],
    ['*.json', ['package.json', 'made.json/a'], ['apps/package.json', 'package.jsonc']],
    ['**/*.test.ts', ['a.test.ts', 'x/y/a.test.ts'], ['a.ts', 'x/a.test.tsx']],
    ['apps/**/dist', ['apps/dist/a', 'apps/api/b/dist/a'], ['dist/a', 'apps/api/distant']],
    ['**', ['a', 'a/b'], []],
    ['v?.txt', ['v1.txt', 'v😀.txt'], ['v.txt', 'v12.txt', 'v/.txt']],
    ['{apps,libs}/{a,b}*', ['apps/a', 'libs/b2/x'], ['apps/c', 'docs/a']],
    ['app/[id]/page', ['app/[id]/page'], ['app/i/page']],
    ['a*b*c', ['abc', 'aXbXbc'], ['acb', 'abcd']],
  ];
  for (const [pattern, yes, no] of CASES) {
    it(`"${pattern}" takes what it names, and no more`, () => {
      const matches = globMatcher(pattern);
      assert.equal(globProblem(pattern), undefined);
      assert.deepEqual(
        yes.filter((path) => !matches(path)),
        [],
      );
      assert.deepEqual(
        no.filter((path) => matches(path)),
        [],
      );
    });
  }

  it('are answered in no time whatever they hold', () => {
    const matches = globMatcher(`${'a*'.repeat(500)}b/${'**/x/'.repeat(200)}y`);
    assert.equal(matches(`${'a'.repeat(1_000)}/${'x/'.repeat(500)}z`), false);
  });

  it('are refused with what to do', () => {
    for (const [pattern, problem] of [
      ['!apps', /"exclude"/],
      ['/apps', /absolute/],
      ['apps\\api', /backslash/],
      ['apps/../..', /leaves the root/],
      ['apps/**x', /"\*\*" beside/],
      ['{a,b', /braces/],
      ['{a,{b,c}}', /braces/],
      ['{a,b}'.repeat(30), /more than 64/],
    ] as const) {
      assert.match(globProblem(pattern) ?? '', problem, pattern);
    }
  });

  it('leave out what exclude names, whatever include says', () => {
    const belongs = belongsTo({ include: ['apps', '*.json'], exclude: ['**/dist', 'apps/docs'] });
    assert.deepEqual(
      ['apps/api/a', 'package.json', 'apps/api/dist/a', 'apps/docs/b', 'lib/c'].filter(belongs),
      ['apps/api/a', 'package.json'],
    );
    assert.ok(belongsTo({})('anything/at/all'));
  });
});
