import assert from 'node:assert/strict';
import { readInvocation } from '../../../src/cli/verifyOptions.ts';
import type { EvidencePolicy } from '../../../src/evidence/policy.ts';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import { TRUST } from '../../support/alteredEvidence.ts';
import { capsimWorld } from '../../support/sealedRun.ts';
import { UPGRADE } from '../../support/upgradeObservation.ts';
import { OLD_HASH } from '../../support/upgradePlans.ts';
import { rehearsalOf, sealedUpgrade } from '../../support/upgradeRehearsals.ts';

describe('a policy that asks for an upgrade', () => {
  const judge = (bytes: Uint8Array, policy: EvidencePolicy) => {
    const { exitCode, sentence } = verifyCapsim(bytes, { ...TRUST, policy });
    return [exitCode, sentence] as const;
  };

  it('is met by one from that Capsule, and by one that went back', async () => {
    const { bytes } = rehearsalOf(await sealedUpgrade());
    assert.equal(judge(bytes, { upgradeFrom: OLD_HASH, requireRollback: true })[0], 0);
    const [exitCode, sentence] = judge(bytes, { upgradeFrom: '6'.repeat(64) });
    assert.equal(exitCode, 4);
    assert.match(sentence, /^It was upgraded from 4{64}, not from 6{64}\.$/);
  });

  it('is not met by a first start, nor by an upgrade without a way back', async () => {
    const first = judge(capsimWorld().bytes, { upgradeFrom: OLD_HASH, requireRollback: true });
    assert.equal(first[0], 4);
    assert.match(first[1], /^It was a first start, not an upgrade .* It does not show that all/);
    const upgrade = { ...UPGRADE, rollback: 'never' as const };
    const { bytes } = rehearsalOf(await sealedUpgrade({ plan: { upgrade } }));
    assert.equal(judge(bytes, { upgradeFrom: OLD_HASH })[0], 0);
    assert.equal(judge(bytes, { requireRollback: true })[0], 4);
  });

  it('asks on the command line for a real run that passed, too', () => {
    for (const flags of [['--require-rollback'], ['--require-upgrade-from', OLD_HASH]]) {
      const asked = readInvocation(['--file', 'result.capsim', ...flags]);
      assert.ok(typeof asked === 'object' && asked.requirePass && asked.requireReal);
    }
  });
});
