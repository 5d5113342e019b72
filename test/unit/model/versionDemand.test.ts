import assert from 'node:assert/strict';
import { isVersionDemand, meetsVersion, versionIn } from '../../../src/model/versionDemand.ts';

describe('the version a program is to have', () => {
  const answers: [string, string | undefined][] = [
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64', '7.0.15'],
    ['etcd Version: 3.4.23\nGit SHA: Not provided\nGo Version: go1.19.5\n', '3.4.23'],
    ['postgres (PostgreSQL) 15.3 (Debian 15.3-0+deb12u1)', '15.3'],
    ['mysqld  Ver 8.0.36 for Linux on x86_64', '8.0.36'],
    ['nats-server: v2.9.10', '2.9.10'],
    ['OpenJDK 21', '21'],
    ['1.2.3.4 is an address, 5.6 is none', '1.2.3'],
    ['no number here', undefined],
    ['', undefined],
  ];
  for (const [text, version] of answers) {
    it(`is read from what it says: ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.equal(versionIn(text), version);
    });
  }

  const meets: [string, string, boolean][] = [
    ['7.0.15', '>=7', true],
    ['7.0.15', '>=7.1', false],
    ['7.10', '>=7.9', true],
    ['7.0', '>=7.0.0', true],
    ['7.0.15', '7', true],
    ['7.0.15', '7.0', true],
    ['70.0', '7', false],
    ['7', '7.0', false],
    ['3.5.1', '>=3.4 <4', true],
    ['4.0', '>=3.4 <4', false],
    ['4.0', '>=3.4 <=4', true],
    ['4.0', '>4', false],
    ['', '>=1', false],
    ['seven', '>=1', false],
  ];
  for (const [version, demand, holds] of meets) {
    it(`is ${holds ? '' : 'not '}${demand} with ${version === '' ? 'none' : version}`, () => {
      assert.equal(meetsVersion(version, demand), holds);
    });
  }

  it('is written as conditions with up to three numbers', () => {
    for (const demand of ['7', '>=7', '>=3.4 <4', '=1.2.3']) assert.ok(isVersionDemand(demand));
    for (const demand of ['', ' 7', '^7', '7.x', '>= 7', '1.2.3.4', '7  8', 'latest', '-1']) {
      assert.ok(!isVersionDemand(demand), demand);
    }
  });
});
