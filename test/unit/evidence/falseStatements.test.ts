import assert from 'node:assert/strict';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import { failsAt, resealed, TRUST } from '../../support/alteredEvidence.ts';
import { FALSE_STATEMENTS } from '../../support/falseStatements/all.ts';
import { agreeing } from '../../support/falseStatements/edit.ts';
import { GENUINE_NAMES, genuineRun } from '../../support/genuineRuns.ts';

describe('a statement that is false in one respect, signed with the trusted key', () => {
  it('starts from statements that are true', async () => {
    for (const name of GENUINE_NAMES) {
      const sealed = await genuineRun(name);
      const report = verifyCapsim(resealed(agreeing([]), { of: sealed }), TRUST);
      assert.equal(report.verdict, 'verified', report.sentence);
    }
    assert.ok(FALSE_STATEMENTS.length >= 70);
  });

  for (const { name, of, says, edits } of FALSE_STATEMENTS) {
    it(`is refused: ${name}`, async () => {
      failsAt('meaning', says, resealed(agreeing(edits), { of: await genuineRun(of) }));
    });
  }

  it('is refused where the ledger recorded it before the run was over', () => {
    const late = (root: unknown) => {
      const { result } = (root as { predicate: { meshsim_evidence: { result: object } } }).predicate
        .meshsim_evidence;
      Object.assign(result, { endedAt: '2026-01-05T10:00:00.000Z' });
    };
    failsAt('ledger', /another time of it/, resealed(late));
  });
});
