import assert from 'node:assert/strict';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import { measuredLoss } from '../../../src/evidence/measuredLoss.ts';
import { readStatement } from '../../../src/evidence/statement.ts';
import { EVIDENCE_SCHEMA_V1 } from '../../../src/model/evidence.ts';
import type { Fault, PlanInput } from '../../../src/model/plan.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { sealedRun } from '../../support/sealedRun.ts';
import { TRUST, failsAt, resealed } from '../../support/alteredEvidence.ts';

interface Loose {
  predicate: {
    meshsim_evidence: {
      schema: string;
      invariants: Record<string, unknown>[];
      network: { links: { lost?: number }[] };
      faults?: unknown;
    };
  };
}

/** The statement as a release that knew schema v1 only would have written it. */
function asV1(statement: unknown, passed = true): void {
  const evidence = (statement as Loose).predicate.meshsim_evidence;
  evidence.schema = EVIDENCE_SCHEMA_V1;
  delete evidence.faults;
  for (const link of evidence.network.links) delete link.lost;
  evidence.invariants = evidence.invariants.map(({ name, details }) => ({ name, details, passed }));
}

describe('evidence of schema v1', () => {
  it('verifies', () => {
    const report = verifyCapsim(resealed(asV1), TRUST);
    assert.equal(report.verdict, 'verified', report.sentence);
  });

  it('is judged by what it says of its invariants', () => {
    failsAt(
      'meaning',
      /outcome/,
      resealed((statement) => {
        asV1(statement, false);
      }),
    );
  });

  it('proves no more about chaos than it says', () => {
    const plan = (faults: Fault[]) => ({ plan: { chaos: { faults } } });
    const judged = (...faults: Fault[]) =>
      verifyCapsim(resealed(asV1, { of: sealedRun(plan(faults)) }), {
        ...TRUST,
        policy: { requireChaos: true },
      });
    const kill: Fault = {
      when: { node: 'n2', phase: 'receive', progress: 0.4 },
      do: { kill: 'n2', restartAfterMs: 900 },
    };
    // Packets die and links carry some whatever a fault of links did: after the rollout, or in the one packet it met.
    const vague: Fault[] = [
      { when: { atMs: 100 }, do: { slow: 'n2', factor: 1.01 } },
      {
        when: { atMs: 100 },
        do: { degradeLink: { from: 'n0', to: 'n1', loss: { kind: 'bernoulli', p: 0.05 } } },
      },
      {
        when: { atMs: 100 },
        do: { partition: { from: ['n0'], to: ['n1'], oneWay: false }, healAfterMs: 1 },
      },
    ];
    for (const fault of vague) {
      const { exitCode, sentence } = judged(fault);
      assert.equal(exitCode, 4, sentence);
      assert.match(sentence, /schema v1 does not say/);
    }
    assert.equal(judged(kill).exitCode, 0);
  });

  it('counts no packet as lost that may have died otherwise', () => {
    const found = (plan: Partial<PlanInput>) => {
      const statement: unknown = JSON.parse(
        Buffer.from(sealedRun({ plan }).statementBytes).toString(),
      );
      asV1(statement);
      return measuredLoss(
        readStatement(canonicalBytes(statement)).predicate.meshsim_evidence,
        0.01,
      );
    };
    const plain = found({});
    const damaged = found({ chaos: { preset: 'corrupt-chunk' } });
    // Two links lead to n2, and each chunk may have been damaged on either.
    assert.deepEqual([plain.lost, damaged.lost], [24, 20]);
    const degradeLink = { from: 'n0', to: 'n1', queueBytes: 100 };
    const full = found({ chaos: { faults: [{ when: { atMs: 0 }, do: { degradeLink } }] } });
    assert.equal(full.verdict, 'cannot-tell');
  });

  it('cannot use words of the other schema', () => {
    const crossed = resealed((statement) => {
      (statement as Loose).predicate.meshsim_evidence.schema = EVIDENCE_SCHEMA_V1;
    });
    failsAt('statement', /not a mesh-sim test result/, crossed);
  });
});
