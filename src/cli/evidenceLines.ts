import { chaosWords } from '../model/chaosWords.ts';
import type { EvidenceStatement } from '../model/evidence.ts';
import { statedRunOf } from '../evidence/statedRun.ts';
import { isolationWords } from '../model/isolation.ts';
import type { Baseline } from './objectiveLines.ts';
import { summary } from './summary.ts';
import type { Paint } from './paint.ts';
import { topologyWords } from '../model/topologyWords.ts';

/** A verified statement in the words of a run's summary, and what it was run with. */
export function evidenceLines(
  statement: EvidenceStatement,
  baseline: Baseline | undefined,
  paint: Paint,
): string[] {
  const evidence = statement.predicate.meshsim_evidence;
  const { result, plan } = evidence;
  const run = statedRunOf(statement);
  return [
    `${paint('bold', 'Capsule')}   ${result.capsuleHash}`,
    `${paint('bold', 'Run')}       ${result.startedAt} to ${result.endedAt}`,
    `${paint('bold', 'Plan')}      ${plan.params.nodes} nodes, ${plan.params.latencyMs.join('–')} ms, ${plan.params.packetLoss} % loss, seed ${plan.seed}, topology ${topologyWords(plan)}, chaos ${chaosWords(plan)}`,
    `${paint('bold', 'World')}     ${evidence.environment.fidelity}, ${evidence.environment.os} ${evidence.environment.arch}, Node ${evidence.environment.node}`,
    ...(plan.world === 'virtual'
      ? []
      : [`${paint('bold', 'Isolation')} ${isolationWords(evidence.environment)}`]),
    ...summary(
      run,
      {
        ...(baseline === undefined ? {} : { baseline }),
        ...(run.upgrade === undefined ? {} : { upgrade: run.upgrade }),
      },
      paint,
    ),
  ];
}
