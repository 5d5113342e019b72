import assert from 'node:assert/strict';
import { matchesHostPattern } from '../../../src/model/hostPattern.ts';

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
  ];
  for (const [pattern, host, port, expected] of cases) {
    it(`${pattern} ${expected ? 'means' : 'does not mean'} ${host}:${port ?? '?'}`, () => {
      assert.equal(matchesHostPattern({ host, port }, pattern), expected);
    });
  }
});
