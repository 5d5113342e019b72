import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environmentNamed, readEnvironments } from '../../../src/deploy/environmentsFile.ts';
import { isMeshSimError } from '../../support/errorCode.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

function reading(content: string): Promise<string> {
  return withTemporaryFolder(async (folder) => {
    const file = path.join(folder, 'mesh.environments.json');
    await writeFile(file, content);
    return sentenceOf('environments-invalid', readEnvironments(file));
  });
}

const one = (environment: object) => JSON.stringify({ environments: { production: environment } });
const target = { kind: 'directory', path: '../prod' };

describe('mesh.environments.json', () => {
  it('may be missing: there are no environments then', () =>
    withTemporaryFolder(async (folder) => {
      const read = await readEnvironments(path.join(folder, 'none.json'));
      assert.deepEqual(read, { environments: {} });
    }));

  it('names what is there when an environment is unknown', () => {
    const known = { environments: { staging: { production: false, endpoints: [], target } } };
    const parsed = JSON.parse(JSON.stringify(known)) as Parameters<typeof environmentNamed>[0];
    for (const name of ['prod', 'constructor']) {
      assert.throws(
        () => environmentNamed(parsed, name, 'the file'),
        isMeshSimError('environment-unknown', /it has: staging\.$/),
      );
    }
  });

  const BAD: readonly [name: string, content: string, expected: RegExp][] = [
    ['no JSON', '{', /not JSON/],
    ['another shape', '[]', /expected object/i],
    ['an unknown key', one({ target, prodution: true }), /prodution/],
    ['no target', one({}), /environments\.production\.target/],
    ['an unknown target', one({ target: { kind: 'ftp' } }), /target/],
    [
      'a name for a host',
      one({ target: { kind: 'ssh', host: '-oProxyCommand=x', path: '/a' } }),
      /host as your ssh knows it/,
    ],
    [
      'a relative path on another machine',
      one({ target: { kind: 'ssh', host: 'web', path: 'a' } }),
      /absolute/,
    ],
    ['a pattern that is every host', one({ target, endpoints: ['*'] }), /every host/],
    ['a signer that is none', one({ target, gate: { trustedSigners: ['me'] } }), /trustedSigners/],
    ['an endless age', one({ target, gate: { maxAgeDays: 0 } }), /maxAgeDays/],
    ['a misspelt policy', one({ target, gate: { minNode: 3 } }), /minNode/],
    ['a check of nothing', one({ target: { ...target, health: [{}] } }), /exactly one of/],
    ['a path no system has', one({ target: { ...target, path: 'a\0b' } }), /path of a folder/],
    [
      'a folder of our records',
      one({ target: { ...target, path: '.meshsim/out' } }),
      /its records are: name/,
    ],
    ['the product itself', one({ target: { ...target, path: '.' } }), /the product itself/],
    [
      'an environment that is there twice',
      `{ "environments": { "a": ${JSON.stringify({ production: true, target })},\n "a": ${JSON.stringify({ target })} } }`,
      /environments\.a is there twice, again in line 2: remove one/,
    ],
    [
      'a number of releases that is none',
      one({ target: { ...target, keep: 1 } }),
      /keep is 1 .*correct it/,
    ],
    ['a wrong type', one({ target, production: 'yes' }), /production is "yes" .*: correct it\.$/],
    ['a name in capitals', JSON.stringify({ environments: { Prod: { target } } }), /lower-case/],
  ];
  const two = (a: object, b: object) =>
    JSON.stringify({ environments: { a: { target: a }, b: { target: b } } });
  const ssh = { kind: 'ssh', host: 'web', path: '/srv/a' };

  it('has a place of its own for each environment, through whichever links', () =>
    withTemporaryFolder(async (folder) => {
      const product = path.join(folder, 'product');
      await mkdir(product);
      await mkdir(path.join(folder, 'real'));
      await symlink('real', path.join(folder, 'link'));
      const file = path.join(product, 'mesh.environments.json');
      const directory = (place: string) => ({ kind: 'directory', path: place });
      const equal: [object, object][] = [
        [directory('../prod'), directory('../prod/')],
        [directory('../link/x'), directory('../real/x')],
        [ssh, { ...ssh, path: '/srv//a/' }],
      ];
      for (const [one, other] of equal) {
        await writeFile(file, two(one, other));
        const sentence = await sentenceOf('environments-invalid', readEnvironments(file));
        assert.match(
          sentence,
          /environments\.b\.target is the place of environments\.a .*its own\.$/,
        );
      }
      const nested: [object, object, RegExp][] = [
        [directory('../prod'), directory('../prod/releases/x'), /b\.target lies in the place of/],
        [directory('../prod/x/../y/z'), directory('../prod'), /b\.target has in it the place of/],
        [directory('../real'), directory('../link/staging'), /lies in the place of/],
        [directory('../link'), directory('../REAL/Staging'), /lies in the place of/],
        [directory('../Prod'), directory('../prod'), /is the place of/],
        [directory('../ca\u0301fe'), directory('../c\u00e1fe/x'), /lies in the place of/],
        [ssh, { ...ssh, path: '/srv/a/current' }, /lies in the place of/],
        [ssh, { ...ssh, path: '/srv' }, /has in it the place of/],
        [ssh, { ...ssh, host: 'me@WEB', path: '/srv/b/../a' }, /is the place of/],
      ];
      for (const [one, other, relation] of nested) {
        await writeFile(file, two(one, other));
        assert.match(
          await sentenceOf('environments-invalid', readEnvironments(file)),
          relation,
          JSON.stringify([one, other]),
        );
      }
      await writeFile(file, two(directory('../prod'), directory('../prod2')));
      await readEnvironments(file);
      await writeFile(file, two(ssh, { ...ssh, host: 'web2' }));
      await readEnvironments(file);
    }));

  for (const [name, content, expected] of BAD) {
    it(`with ${name} is refused in one sentence that says where`, async () => {
      assert.match(await reading(content), expected);
    });
  }
});
