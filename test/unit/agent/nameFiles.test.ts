import assert from 'node:assert/strict';
import { hostsFile, resolverFile, switchFile } from '../../../src/agent/box/nameFiles.ts';

describe('agent/box: name files', () => {
  const deny = ['*.prod.example', '10.9.0.0/16', 'bank.example:443'];

  it('leave out what is denied, by name or by address, and keep the rest', () => {
    const machine = [
      '127.0.0.1\tlocalhost me # own',
      '10.1.1.1 db.prod.example shop.example',
      '10.1.1.2 DB2.PROD.example.',
      '10.9.1.1 old.example',
      '10.1.1.3 bank.example',
      '# 10.1.1.4 x',
      'nonsense',
    ].join('\r\n');
    assert.equal(
      hostsFile(machine, deny, 'me'),
      '127.0.0.1 localhost me\n10.1.1.1 shop.example\n10.1.1.3 bank.example\n',
    );
  });

  it('always know localhost and the host itself', () => {
    assert.equal(hostsFile('', deny, 'me'), '127.0.0.1 localhost\n127.0.0.1 me\n');
  });

  it('ask files and our name server, and nobody else', () => {
    const line = (hosts: string) =>
      switchFile(`passwd: files sss\nhosts: ${hosts}\n`).split('\n').at(-2);
    assert.equal(line('files dns'), 'hosts: files dns');
    assert.equal(
      line('mymachines resolve [!UNAVAIL=return] files myhostname dns # x'),
      'hosts: files myhostname dns',
    );
    assert.equal(line('mdns4_minimal [NOTFOUND=return] nis ldap sss'), 'hosts: files dns');
    assert.match(switchFile('passwd: files sss\nhosts: x\n'), /^passwd: files sss$/m);
    assert.equal(switchFile(''), '\nhosts: files dns\n');
  });

  it('name our name server, with the search list of the machine', () => {
    assert.equal(
      resolverFile('nameserver 9.9.9.9\nsearch a b\noptions ndots:2 use-vc\n', ['10.0.0.53']),
      'nameserver 10.0.0.53\nsearch a b\noptions ndots:2\n',
    );
  });
});
