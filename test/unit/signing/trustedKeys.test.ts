import assert from 'node:assert/strict';
import { momentOf, sshMoment } from '../../../src/signing/sshMoment.ts';
import { isTrustedAt, whyUntrusted } from '../../../src/signing/trustedKeys.ts';

describe('a date of allowed_signers', () => {
  it('is in UTC with a Z behind it, and in the time zone of this machine without', () => {
    assert.equal(momentOf('20260131Z'), Date.UTC(2026, 0, 31));
    assert.equal(momentOf('202601311259Z'), Date.UTC(2026, 0, 31, 12, 59));
    assert.equal(momentOf('20260131125958Z'), Date.UTC(2026, 0, 31, 12, 59, 58));
    assert.equal(momentOf('20260131125958'), new Date(2026, 0, 31, 12, 59, 58).getTime());
  });

  it('is one that the calendar has', () => {
    for (const text of [
      '',
      '2026',
      '20260229Z',
      '20261301',
      '202601312400',
      '202601311260Z',
      '2026013112Z',
      '20260131z',
      '+1d',
    ])
      assert.equal(momentOf(text), undefined, text);
    assert.equal(momentOf('20280229Z'), Date.UTC(2028, 1, 29));
  });

  it('is written so that it is read again, to the second', () => {
    const at = Date.UTC(2026, 10, 29, 23, 5, 7, 999);
    assert.equal(sshMoment(at), '20261129230507Z');
    assert.equal(momentOf(sshMoment(at)), at - 999);
  });
});

describe('a key that is trusted for a while', () => {
  const publicKey = 'a'.repeat(64);
  const keys = [{ publicKey, validAfter: 1_000, validBefore: 2_000 }];

  it('is believed at its first and last instant, and not before or after', () => {
    const believed = [999, 1_000, 2_000, 2_001].map((at) => isTrustedAt(keys, publicKey, at));
    assert.deepEqual(believed, [false, true, true, false]);
  });

  it('is believed whenever one of its lines says so', () => {
    assert.equal(isTrustedAt([...keys, { publicKey, validAfter: 3_000 }], publicKey, 3_500), true);
    assert.equal(isTrustedAt([...keys, { publicKey, validAfter: 3_000 }], publicKey, 2_500), false);
  });

  it('says from when to when it is, and of another key that it is not', () => {
    assert.equal(
      whyUntrusted(keys, publicKey, 2_001),
      'is trusted here for what it signed from 1970-01-01T00:00:01.000Z until 1970-01-01T00:00:02.000Z, and not at 1970-01-01T00:00:02.001Z',
    );
    assert.equal(whyUntrusted(keys, 'b'.repeat(64), 1_500), 'is not trusted here');
    assert.equal(whyUntrusted(keys, publicKey, 1_500), undefined);
  });
});
