import assert from 'node:assert/strict';
import { endpointPatternSchema, hostsIn } from '../../../src/model/endpoints.ts';
import { matchesHostPattern } from '../../../src/model/hostPattern.ts';

function mentions(text: string, pattern: string): boolean {
  return hostsIn(text).some((mention) => matchesHostPattern(mention, pattern));
}

describe('hosts of production', () => {
  const FOUND: readonly [text: string, pattern: string][] = [
    ['https://api.shop.example/v1?x=1', 'api.shop.example'],
    ['HTTPS://API.Shop.Example', 'api.shop.example'],
    ['postgres://me:pass@db.shop.example:5432/orders', 'db.shop.example'],
    ['postgres://me:pass@db.shop.example:5432/orders', 'db.shop.example:5432'],
    ['db.shop.example', 'db.shop.example:5432'],
    ['kafka-1.shop.example:9092,kafka-2.shop.example:9092', '*.shop.example'],
    ['{"hosts":["a.b.shop.example"]}', '*.shop.example'],
    ['jdbc:mysql://db.shop.example/orders', '*.shop.example'],
    ['https%3A%2F%2Fapi.shop.example%2Fv1', 'api.shop.example'],
    ['Server=tcp:prod-sql,1433;Database=x', 'prod-*'],
    ['redis://10.20.3.4:6379', '10.20.0.0/16'],
    ['10.20.255.255', '10.20.0.0/16'],
    ['http://[2001:db8::5]:80/', '[2001:db8::5]'],
    ['api.shop.example.', 'api.shop.example'],
    ['http://[2001:0DB8:0:0::5]/', '[2001:db8::5]'],
    ['2001:db8::5', '[2001:db8:0::5]'],
    ['host=2001:db8::5.', '[2001:db8::5]'],
    ['fe80::1%eth0', '[fe80::1]'],
    ['::ffff:10.20.3.4', '10.20.0.0/16'],
    ['[::ffff:a14:304]:80', '10.20.3.4'],
    ['https://b\u00FCcher.example/', 'xn--bcher-kva.example'],
    ['https://b%C3%BCcher.example/', 'xn--bcher-kva.example'],
    ['http://0x0a.20.3.4:80/', '10.20.0.0/16'],
    ['redis://me:pass@169083652/0', '10.20.3.4'],
    ['host=012.024.3.4', '10.20.3.4'],
    ['db\u3002shop\u3002example', '*.shop.example'],
    ['\u2192db.shop.example', 'db.shop.example'],
    ['\u0430\u0434\u0440\u0435\u0441=db.shop.example', 'db.shop.example'],
  ];
  for (const [text, pattern] of FOUND) {
    it(`are found in ${text} by ${pattern}`, () => assert.ok(mentions(text, pattern)));
  }

  const NOT_FOUND: readonly [text: string, pattern: string][] = [
    ['http://127.0.0.1:7302', '*.shop.example'],
    ['https://shop.example', '*.shop.example'],
    ['https://myshop.example', 'shop.example'],
    ['https://shop.example.attacker.test', 'shop.example'],
    ['db.shop.example:5433', 'db.shop.example:5432'],
    ['10.21.0.1', '10.20.0.0/16'],
    ['version 10.20.3', '10.20.0.0/16'],
    ['LIMIT=169083652', '10.20.3.4'],
    ['EUR', 'prod-*'],
    ['12:34:56', '[::1]'],
    ['2001:db8::6', '[2001:db8::5]'],
  ];
  for (const [text, pattern] of NOT_FOUND) {
    it(`are not seen in ${text} by ${pattern}`, () => assert.ok(!mentions(text, pattern)));
  }

  it('cannot be all hosts, or a URL', () => {
    for (const pattern of ['*', '*.*', 'https://shop.example', '', 'a b', '10.0.0.0/33']) {
      assert.equal(endpointPatternSchema.safeParse(pattern).success, false, pattern);
    }
    for (const pattern of [
      '999.1.1.1',
      '10.0.300.0/8',
      'db:99999',
      'db:0',
      '[1::2::3]',
      '[::1]:70000',
    ]) {
      assert.match(
        endpointPatternSchema.safeParse(pattern).error?.issues[0]?.message ?? '',
        /matches no host/,
        pattern,
      );
    }
    for (const pattern of ['*.shop.example', 'prod-*', '10.0.0.0/8', 'db:5432', '[::1]:80']) {
      assert.equal(endpointPatternSchema.safeParse(pattern).success, true, pattern);
    }
  });
});
