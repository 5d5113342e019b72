import assert from 'node:assert/strict';
import { decode, encode, type RecordType } from 'dns-packet';
import { answerTo, FAILED } from '../../../src/agent/box/nameServer.ts';

const asked: string[] = [];
const addressesOf = (name: string) => {
  asked.push(name);
  const found = { 'shop.example': ['198.18.0.1'], orders: ['10.99.0.3', '10.99.0.2'] };
  return Promise.resolve(new Map(Object.entries(found)).get(name.toLowerCase()));
};

async function ask(name: string, type: RecordType) {
  const query = encode({ type: 'query', id: 77, questions: [{ type, name }] });
  const answer = await answerTo(query, addressesOf);
  assert.ok(answer);
  const { id, type: kind, rcode, answers } = decode(Buffer.from(answer)) as unknown as Decoded;
  assert.deepEqual([id, kind], [77, 'response']);
  return { rcode, data: answers.map(({ data }) => data) };
}

interface Decoded {
  readonly id: number;
  readonly type: string;
  readonly rcode: string;
  readonly answers: readonly { readonly data: string }[];
}

describe('agent/box: the name server', () => {
  it('gives the address of a name, which it hands on in the spelling of the asker', async () => {
    const expected = { rcode: 'NOERROR', data: ['198.18.0.1'] };
    assert.deepEqual(await ask('shop.example', 'A'), expected);
    assert.deepEqual(await ask('Shop.Example', 'A'), expected);
    assert.equal(asked.at(-1), 'Shop.Example');
  });

  it('says of a name that it has no IPv6 address, not that it does not exist', async () => {
    assert.deepEqual(await ask('shop.example', 'AAAA'), { rcode: 'NOERROR', data: [] });
  });

  it('gives all addresses of a name in their order', async () => {
    const expected = { rcode: 'NOERROR', data: ['10.99.0.3', '10.99.0.2'] };
    assert.deepEqual(await ask('orders', 'A'), expected);
  });

  it('says that it cannot tell, where it is to fail', async () => {
    const query = encode({
      type: 'query',
      id: 1,
      questions: [{ type: 'A', name: 'shop.example' }],
    });
    const answer = await answerTo(query, () => Promise.resolve(FAILED));
    assert.ok(answer);
    const { rcode, answers } = decode(Buffer.from(answer)) as unknown as Decoded;
    assert.deepEqual([rcode, answers], ['SERVFAIL', []]);
  });

  it('says that there is no such name', async () => {
    assert.deepEqual(await ask('no.example', 'A'), { rcode: 'NXDOMAIN', data: [] });
    assert.deepEqual(await ask('no.example', 'AAAA'), { rcode: 'NXDOMAIN', data: [] });
  });

  it('serves nothing but addresses', async () => {
    assert.deepEqual(await ask('shop.example', 'TXT'), { rcode: 'NOTIMP', data: [] });
  });

  it('hands on names of which anything is asked: it may be one that is denied', async () => {
    for (const type of ['TXT', 'SRV', 'MX', 'PTR'] as const) {
      await ask(`${type}.prod.example`, type);
      assert.equal(asked.at(-1), `${type}.prod.example`);
    }
  });

  it('leaves what is no query without an answer', async () => {
    const response = encode({ type: 'response', id: 1, questions: [] });
    for (const bytes of [Buffer.from('nonsense'), Buffer.alloc(0), response]) {
      assert.equal(await answerTo(bytes, addressesOf), undefined);
    }
  });
});
