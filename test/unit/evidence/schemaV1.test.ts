import assert from 'node:assert/strict';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import { EVIDENCE_SCHEMA_V1 } from '../../../src/model/evidence.ts';
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

  it('cannot use words of the other schema', () => {
    const crossed = resealed((statement) => {
      (statement as Loose).predicate.meshsim_evidence.schema = EVIDENCE_SCHEMA_V1;
    });
    failsAt('statement', /not a mesh-sim test result/, crossed);
  });
});
