import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { builtOnUse } from '../../../src/model/builtOnUse.ts';

describe('model: a schema that is built on use', () => {
  it('is not built by being a part of another', () => {
    let built = 0;
    const part = builtOnUse(() => {
      built += 1;
      return z.string();
    });
    const whole = builtOnUse(() => z.strictObject({ part, further: z.optional(z.array(part)) }));
    assert.equal(built, 0);
    assert.deepEqual(z.parse(whole, { part: 'a', further: ['b'] }), { part: 'a', further: ['b'] });
    assert.equal(built, 1);
  });

  it('is in all that is made of it what it would be anyway', () => {
    const schemasOf = (made: <T extends z.core.$ZodType>(build: () => T) => T) => {
      const name = made(() => z.string().check(z.minLength(1), z.describe('whose it is')));
      const one = made(() => z.strictObject({ kind: z.literal('one'), name }));
      const two = made(() => z.extend(z.omit(one, { kind: true }), { kind: z.literal('two') }));
      const either = made(() => z.discriminatedUnion('kind', [one, two]));
      return { name, one, two, either, spread: z.strictObject({ ...one.shape, count: z.int() }) };
    };
    const onUse = schemasOf(builtOnUse);
    const atOnce = schemasOf((build) => build());
    const names = Object.keys(atOnce) as (keyof typeof atOnce)[];
    for (const name of names) {
      assert.deepEqual(z.toJSONSchema(onUse[name]), z.toJSONSchema(atOnce[name]), name);
      for (const value of ['', 'a', { kind: 'one', name: '' }, { kind: 'two', name: 'b' }, {}]) {
        const [seen, expected] = [onUse, atOnce].map((all) => z.safeParse(all[name], value));
        assert.deepEqual(seen?.error?.issues, expected?.error?.issues);
        assert.deepEqual(seen?.data, expected?.data);
      }
    }
  });
});
