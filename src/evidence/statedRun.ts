import type { EvidenceStatement } from '../model/evidence.ts';
import { observedOf } from '../model/invariants.ts';
import type { StatedRun } from '../model/observation.ts';
import { causeOf } from '../model/outcome.ts';

/** The run as a verified statement of either schema states it, in the shape in which runs are shown. */
export function statedRunOf(statement: EvidenceStatement): StatedRun {
  const { result, plan, events, ...evidence } = statement.predicate.meshsim_evidence;
  const cause = result.outcome === 'fail' ? causeOf(result.nodeReports, evidence.invariants) : '';
  return {
    ...result,
    plan,
    ...(cause === '' ? {} : { cause }),
    invariants: evidence.invariants.map((invariant) => ({
      name: invariant.name,
      observed: observedOf(invariant),
      details: invariant.details,
    })),
    indicators: evidence.indicators,
    network: evidence.network,
    recovery: evidence.recovery,
    ...('programs' in evidence && evidence.programs !== undefined
      ? { programs: evidence.programs }
      : {}),
    ...('hosts' in evidence && evidence.hosts !== undefined ? { hosts: evidence.hosts } : {}),
    events: {
      count: events.count,
      digest: events.digest.sha256,
      merkleRoot: events.merkleRoot,
    },
    environment: evidence.environment,
    ...('upgrade' in evidence
      ? { upgrade: { ...evidence.upgrade, from: evidence.upgrade.from.digest.sha256 } }
      : {}),
    ...('held' in evidence && evidence.held === true ? { held: true } : {}),
  };
}
