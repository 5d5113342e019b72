import assert from 'node:assert/strict';
import { draftRegistry } from '../../../src/onramp/draft.ts';
import { memoryProduct } from '../../support/onramp/memoryProduct.ts';
import { PRODUCTS } from '../../support/onramp/products.ts';

const MACHINE = { hasProgram: () => false, hasNames: true };

function drafted(name: string, options = {}) {
  return draftRegistry(memoryProduct(PRODUCTS[name]!, name), { ...MACHINE, ...options });
}

describe('a registry drafted from somebody’s product', () => {
  for (const [name, { starts }] of Object.entries(PRODUCTS)) {
    it(`starts what ${name} starts`, () => {
      const { registry } = drafted(name);

      assert.deepEqual(
        Object.fromEntries(
          registry.services.map((service) => [service.name, [service.start].flat().join(' ')]),
        ),
        starts,
      );
    });
  }

  it('names a source for every field it wrote', () => {
    for (const name of Object.keys(PRODUCTS)) {
      const { registry, taken } = drafted(name);
      for (const service of registry.services) {
        const fields = Object.keys(service).flatMap((key) =>
          key === 'name'
            ? []
            : key === 'env'
              ? Object.keys(service.env ?? {}).map((one) => `env.${one}`)
              : [key],
        );
        for (const field of fields) {
          const found = taken.find(
            (one) => one.service === service.name && one.field.startsWith(field),
          );
          assert.ok(
            found !== undefined && found.source !== '',
            `${name}: ${service.name}.${field}`,
          );
        }
      }
    }
  });
});
