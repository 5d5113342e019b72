import assert from 'node:assert/strict';
import { namesProxy, proxyVariables, runRedactor } from '../../../src/vault/proxyVariables.ts';

describe('vault: proxy variables', () => {
  it('are those of an environment, in either case, and nothing else', () => {
    const found = proxyVariables({
      https_proxy: 'p:3128',
      NO_PROXY: '.local',
      HTTP_PROXY: '',
      A: 'b',
    });
    assert.deepEqual(found, { https_proxy: 'p:3128', NO_PROXY: '.local' });
  });

  it('come with the certificates that programs are to trust, which name no proxy', () => {
    const trust = { NODE_EXTRA_CA_CERTS: '/etc/ca.pem', PIP_CERT: '/etc/ca.pem' };
    const found = proxyVariables({ ...trust, SSL_CERT_FILE: '', B: 'c' });
    assert.deepEqual([found, namesProxy(found)], [trust, false]);
    assert.ok(namesProxy(proxyVariables({ ...trust, https_proxy: 'p:3128' })));
  });

  for (const url of ['http://me:l0ngpassword@proxy:3128', 'me:l0ngpassword@proxy:3128']) {
    it(`have passwords, which are masked as secrets are: ${url}`, () => {
      const redactor = runRedactor(new Map([['TOKEN', 't0ps3cret']]), { HTTPS_PROXY: url });
      const text = redactor.text(`via ${url} with t0ps3cret`);
      assert.ok(!text.includes('l0ngpassword') && !text.includes('t0ps3cret'), text);
      assert.match(text, /^via .*me:.*@proxy:3128 with /);
    });
  }

  it('have none in a plain address, or one that is an ordinary word', () => {
    const proxy = { HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'a:1,b', ALL_PROXY: 'http://a:b@c' };
    assert.ok(runRedactor(new Map(), proxy).isEmpty);
  });
});
