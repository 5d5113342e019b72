import assert from 'node:assert/strict';
import { writeCapsim } from '../../../src/evidence/capsim.ts';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import { TRUST, ZERO_DIGEST, failsAt } from '../../support/alteredEvidence.ts';
import { PACK, packStatementOf } from '../../../src/model/packStatement.ts';
import { originOf } from '../../../src/signing/checkpoint.ts';
import { signStatement } from '../../../src/signing/statement.ts';
import { SOME_SIM_ID } from '../../support/observation.ts';
import {
  CAPSULE_HASH,
  CAPSULE_KEY,
  LOG_KEY,
  MANIFEST,
  entryFor,
  keyNumber,
  proofFor,
  sealedRun,
} from '../../support/sealedRun.ts';

describe('a ledger proof that belongs to something else', () => {
  const sealed = sealedRun();
  const good = entryFor(sealed);

  it('is refused when the entry is about another run, outcome or envelope', () => {
    for (const change of [
      { simId: '7b0c1f6e-2b9f-4a51-9d3e-0c6a5f1d2e3c' },
      { outcome: 'fail' as const },
      { capsuleHash: ZERO_DIGEST },
      { resultDigest: ZERO_DIGEST },
      { body: ZERO_DIGEST },
      { payload: ZERO_DIGEST },
    ]) {
      const entry = { ...good, ...change } as typeof good;
      failsAt('ledger', /something else/, writeCapsim(sealed.envelope, proofFor(entry)));
    }
  });

  it('is refused when it does not lead to the checkpoint', () => {
    const proof = proofFor(good);
    const wrong = { ...proof, hashes: [Buffer.alloc(32)] };
    failsAt('ledger', /does not lead/, writeCapsim(sealed.envelope, wrong));
    failsAt('ledger', /does not lead/, writeCapsim(sealed.envelope, { ...proof, index: 0 }));
    failsAt('ledger', /does not lead/, writeCapsim(sealed.envelope, { ...proof, treeSize: 4 }));
  });

  it('is refused in another ledger than the one the Capsule was packed for', () => {
    const packedFor = (ledger: string) => {
      const run = { invocationId: SOME_SIM_ID, finishedOn: '2026-01-05T08:00:00.000Z', ledger };
      const statement = packStatementOf(CAPSULE_HASH, MANIFEST, run);
      const packed = sealedRun({ packEnvelope: signStatement(PACK, statement, CAPSULE_KEY) });
      return writeCapsim(packed.envelope, proofFor(entryFor(packed)));
    };
    const own = originOf(LOG_KEY.publicKey, '00112233445566ff');
    assert.equal(verifyCapsim(packedFor(own), TRUST).verdict, 'verified');
    const other = originOf(LOG_KEY.publicKey, 'ff00112233445566');
    failsAt('ledger', /in another ledger/, packedFor(other));
    failsAt('ledger', /in another ledger/, packedFor(other), { trustedKeys: TRUST.trustedKeys });
  });

  it('is refused when the checkpoint is signed by another key than its origin names', () => {
    const proof = proofFor(good);
    const foreign = proofFor(good, keyNumber(8)).checkpoint.split('\n\n')[1] ?? '';
    const checkpoint = `${proof.checkpoint.split('\n\n')[0] ?? ''}\n\n${foreign}`;
    assert.equal(verifyCapsim(writeCapsim(sealed.envelope, proof), TRUST).verdict, 'verified');
    assert.throws(() => writeCapsim(sealed.envelope, { ...proof, checkpoint }), {
      code: 'signature-invalid',
    });
  });
});
