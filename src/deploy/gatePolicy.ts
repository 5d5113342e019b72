import type { EffectivePolicy } from '../model/deploy.ts';
import type { Environment } from '../model/environments.ts';

/** What production asks for where its gate does not say otherwise. */
const STRICT: EffectivePolicy = {
  maxAgeDays: 7,
  minNodes: 3,
  minPacketLoss: 1,
  minLatencyMs: 0,
  requireChaos: true,
  trustedSigners: ['own'],
  objectives: 'not-failed',
  isolation: 'available',
  upgradeFrom: 'active',
  requireRollback: false,
  allowDegraded: false,
  allowVirtual: false,
  allowBreakGlass: false,
};

/** What any other environment asks for where its gate does not say otherwise. */
const RELAXED: EffectivePolicy = {
  ...STRICT,
  maxAgeDays: 30,
  minNodes: 2,
  minPacketLoss: 0,
  requireChaos: false,
  trustedSigners: ['any'],
  isolation: 'any',
  upgradeFrom: 'any',
};

/**
 * The policy of an environment with nothing left open. Undefined: it is not production and has no gate, so no rehearsal
 * is asked for; what the Capsule itself must be is always checked.
 */
export function effectivePolicy({ production, gate }: Environment): EffectivePolicy | undefined {
  if (gate === undefined) return production ? STRICT : undefined;
  const base = production ? STRICT : RELAXED;
  return {
    maxAgeDays: gate.maxAgeDays ?? base.maxAgeDays,
    minNodes: gate.minNodes ?? base.minNodes,
    minPacketLoss: gate.minPacketLoss ?? base.minPacketLoss,
    minLatencyMs: gate.minLatencyMs ?? base.minLatencyMs,
    requireChaos: gate.requireChaos ?? base.requireChaos,
    trustedSigners: gate.trustedSigners ?? base.trustedSigners,
    objectives: gate.objectives ?? base.objectives,
    isolation: gate.isolation ?? base.isolation,
    upgradeFrom: gate.upgradeFrom ?? base.upgradeFrom,
    requireRollback: gate.requireRollback ?? base.requireRollback,
    allowDegraded: gate.allowDegraded ?? base.allowDegraded,
    allowVirtual: gate.allowVirtual ?? base.allowVirtual,
    allowBreakGlass: gate.allowBreakGlass ?? base.allowBreakGlass,
    ...(gate.programs === undefined ? {} : { programs: gate.programs }),
    ...(gate.hosts === undefined ? {} : { hosts: gate.hosts }),
  };
}
