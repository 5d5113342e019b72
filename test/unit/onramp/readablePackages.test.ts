import assert from 'node:assert/strict';
import { registrySchema } from '../../../src/model/registry.ts';
import { registryChecks } from '../../../src/onramp/doctor/registryChecks.ts';
import { draftRegistry } from '../../../src/onramp/draft.ts';
import { memoryProduct } from '../../support/onramp/memoryProduct.ts';
import { NODE_SERVER } from '../../support/onramp/programs.ts';

const API = {
  'api/package.json': '{ "name": "api", "scripts": { "start": "node server.js" } }',
  'api/server.js': NODE_SERVER,
};

function drafted(files: Record<string, string>) {
  const product = memoryProduct({ files: { ...API, ...files } });
  const { registry, gaps } = draftRegistry(product, { hasProgram: () => false, hasNames: true });
  return {
    names: registry.services.map(({ name }) => name),
    gaps: gaps.filter(({ what }) => what.endsWith('left out')),
  };
}

describe('a package.json that cannot be read', () => {
  for (const [what, text, why] of [
    [
      'half written',
      '{\n  "name":',
      /^it is not JSON at line 2, column 10 \(.*\), so it is left out$/,
    ],
    ['empty', '', /^it is not JSON at line 1, column 1 \(it is empty\), so it is left out$/],
    ['a template', '{ "name": {{ name }} }', /^it is not JSON at line 1, column 12 /],
    ['a list', '[]', /^it holds no JSON object, so it is left out$/],
  ] as const) {
    it(`is named and left out where it is ${what}, and the others are drafted`, () => {
      for (const file of ['package.json', 'web/package.json', 'tests/fixtures/odd/package.json']) {
        const { names, gaps } = drafted({ [file]: text });
        assert.deepEqual(names, ['api']);
        assert.deepEqual(
          gaps.map(({ where }) => where),
          [file],
        );
        assert.match(gaps[0]?.what ?? '', why);
        assert.match(gaps[0]?.remedy ?? '', /^correct it( there)?$/);
      }
    });
  }

  it('is why nothing can be drafted where there is nothing else', () => {
    const files = { 'package.json': '{', 'server.js': NODE_SERVER };
    assert.throws(
      () => draftRegistry(memoryProduct({ files }), { hasProgram: () => false, hasNames: true }),
      /^MeshSimError: No service of shop can be run: package\.json: it is not JSON at line 1, .*; correct it there\.$/,
    );
  });

  it('may begin with a byte order mark, as for package managers', () => {
    const { names, gaps } = drafted({ 'api/package.json': `\uFEFF${API['api/package.json']}` });
    assert.deepEqual([names, gaps], [['api'], []]);
  });

  it('is named by the doctor where a service is in its folder, and nowhere else', () => {
    const files = { ...API, 'api/package.json': '{', 'fixtures/package.json': '{' };
    const health = { command: 'true' };
    const registry = registrySchema.parse({
      name: 'shop',
      services: [{ name: 'api', path: 'api', start: 'x', health }],
    });
    const found = registryChecks(memoryProduct({ files }), registry, () => true);
    assert.deepEqual(
      found.map(({ about, state }) => [about, state]),
      [['api/package.json', 'warn']],
    );
  });
});
