import assert from 'node:assert/strict';
import {
  denyingPattern,
  matchesHostPattern,
  nameOfPattern,
  patternOfAddress,
} from '../../../src/model/hostPattern.ts';

describe('model/hostPattern', () => {
  const cases: [pattern: string, host: string, port: number | undefined, expected: boolean][] = [
    ['db.example.com', 'db.example.com', 5432, true],
    ['db.example.com', 'DB.Example.com.', 5432, true],
    ['db.example.com', 'db.example.com.evil.org', 5432, false],
    ['db.example.com', 'xdb.example.com', 5432, false],
    ['db.example.com', 'db-example.com', 5432, false],
    ['*.example.com', 'a.b.example.com', 443, true],
    ['*.example.com', 'example.com', 443, false],
    ['prod-*', 'prod-7', undefined, true],
    ['db.example.com:5432', 'db.example.com', 5432, true],
    ['db.example.com:5432', 'db.example.com', 5433, false],
    ['db.example.com:5432', 'db.example.com', undefined, true],
    ['10.20.0.0/16', '10.20.255.1', 80, true],
    ['10.20.0.0/16', '10.21.0.1', 80, false],
    ['10.20.0.0/16', '::ffff:10.20.0.1', 80, true],
    ['10.20.0.0/16:443', '10.20.0.1', 80, false],
    ['10.20.*', '10.20.3.4', 80, true],
    ['0.0.0.0/0', '127.0.0.1', 80, true],
    ['[2001:db8::5]', '2001:DB8::5', 80, true],
    ['[2001:db8::5]:443', '[2001:db8::5]', 80, false],
    ['10.20.0.0/16', 'db.example.com', 80, false],
    ['b\u00FCcher.example', 'xn--bcher-kva.example', 80, true],
    ['xn--bcher-kva.example', 'B\u00DCCHER\u3002example\u3002', 80, true],
    ['010.20.3.4', '8.20.3.4', 80, true],
  ];
  for (const [pattern, host, port, expected] of cases) {
    it(`${pattern} ${expected ? 'means' : 'does not mean'} ${host}:${port ?? '?'}`, () => {
      assert.equal(matchesHostPattern({ host, port }, pattern), expected);
    });
  }

  const spellings = [
    ...['10.20.3.4', '10.20.3.4.', ' 10.20.3.4 ', '169083652', '0x0a140304', '0X0A.20.3.4'],
    ...['012.024.3.4', '10.20.772', '10.1311492', '012.0x14.0x304', '\uFF11\uFF10.20.3.4'],
    ...['::ffff:10.20.3.4', '[::ffff:a14:304]', '0:0:0:0:0:FFFF:0a14:0304', '::ffff:a14:304%eth0'],
    ...['::ffff:0:a14:304', '64:ff9b::10.20.3.4', '::10.20.3.4'],
  ];
  for (const spelling of spellings) {
    it(`10.20.3.4 means ${JSON.stringify(spelling)}`, () => {
      for (const pattern of ['10.20.3.4:80', '10.20.0.0/16', '10.20.*']) {
        assert.ok(matchesHostPattern({ host: spelling, port: 80 }, pattern), pattern);
      }
      assert.ok(!matchesHostPattern({ host: spelling, port: 80 }, '10.21.0.0/16'));
    });
  }

  it('denies nothing by a pattern of one port while the port is not known', () => {
    const patterns = ['bank.example:443', '*.prod.example'];
    assert.equal(denyingPattern({ host: 'bank.example' }, patterns), undefined);
    assert.equal(denyingPattern({ host: 'bank.example', port: 443 }, patterns), patterns[0]);
    assert.equal(denyingPattern({ host: 'db.prod.example' }, patterns), patterns[1]);
  });

  it('knows which patterns mean one host by its name', () => {
    const names = ['DB.example:5432', '*.example', '10.0.0.0/8', '10.1.2.3', '[::1]:80'];
    assert.deepEqual(names.map(nameOfPattern), ['db.example', ...Array<undefined>(4)]);
  });

  it('writes an address as a pattern that means it', () => {
    for (const address of ['10.1.2.3', '2001:DB8::0:5', '::ffff:10.1.2.3']) {
      assert.ok(matchesHostPattern({ host: address, port: 5 }, patternOfAddress(address, 5)));
      assert.ok(!matchesHostPattern({ host: address, port: 6 }, patternOfAddress(address, 5)));
    }
  });
});
