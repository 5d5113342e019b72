import { verifyCapsim } from '../../src/evidence/verify.ts';
import type { TrustedKey } from '../../src/signing/trustedKeys.ts';
import type { ReportedEvidence } from '../../src/reports/htmlReport.ts';
import { capsimWorld, CAPSULE_KEY, LOG_KEY, type SealChoice } from './sealedRun.ts';

/** Evidence made in memory, after the real verifier has looked at it, as pages are made of it. */
export function reportedEvidence(
  choice: SealChoice = {},
  alter: (capsim: string) => string = (capsim) => capsim,
  trustedKeys: readonly TrustedKey[] = [CAPSULE_KEY],
): ReportedEvidence {
  const capsim = Buffer.from(alter(Buffer.from(capsimWorld(choice).bytes).toString()));
  const { verdict, sentence, steps, statement } = verifyCapsim(capsim, {
    trustedKeys,
    logKeys: [LOG_KEY],
  });
  return {
    evidence: {
      ...{ verdict, sentence, steps: [...steps], parts: [], hasEvents: false },
      checkedAt: '2026-01-05T10:00:00.000Z',
      ...(statement === undefined ? {} : { statement }),
    },
    capsim,
    fileName: 'run.capsim',
    product: 'mesh-sim-studio test',
  };
}
