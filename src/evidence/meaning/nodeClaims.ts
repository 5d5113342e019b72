import type { EvidenceExtension, NodeRecovery, NodeReport } from '../../model/evidence.ts';

export type Attempt = NodeReport['phases'][number];

/** What is claimed of one node. */
export interface NodeClaims {
  readonly nodeId: string;
  readonly report: NodeReport;
  /** Its attempts at phases, by life: each begins with `boot`, the first when the run starts, others after a crash. */
  readonly lives: readonly (readonly Attempt[])[];
  /** Its last phase is `healthy` and ended well. */
  readonly isHealthy: boolean;
  readonly recovery: NodeRecovery | undefined;
  readonly crashes: number;
}

function livesOf({ phases }: NodeReport): Attempt[][] {
  const lives: Attempt[][] = [];
  for (const attempt of phases) {
    const life = attempt.name === 'boot' ? undefined : lives.at(-1);
    if (life === undefined) lives.push([attempt]);
    else life.push(attempt);
  }
  return lives;
}

export function nodeClaimsOf({ result, recovery }: EvidenceExtension): NodeClaims[] {
  return result.nodeReports.map((report) => {
    const last = report.phases.at(-1);
    const own = recovery.find(({ nodeId }) => nodeId === report.nodeId);
    return {
      nodeId: report.nodeId,
      report,
      lives: livesOf(report),
      isHealthy: last?.name === 'healthy' && last.status === 'ok',
      recovery: own,
      crashes: own?.crashes ?? 0,
    };
  });
}

/** When it first began this phase, ms since the Unix epoch; undefined: it never did. */
export function firstStartOf({ report }: NodeClaims, phase: string): number | undefined {
  const first = report.phases.find(({ name }) => name === phase);
  return first === undefined ? undefined : Date.parse(first.start);
}

/** When its first attempt at this phase ended, well or not. */
export function firstEndOf({ report }: NodeClaims, phase: string): number | undefined {
  const first = report.phases.find(({ name }) => name === phase);
  return first === undefined ? undefined : Date.parse(first.end);
}
