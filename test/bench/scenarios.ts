import type { PlanInput } from '../../src/model/plan.ts';
import { atMost, type Target } from './figure.ts';

const MIB = 1024 * 1024;
const NODES = 10;
const DEADLINE_MS = 3_600_000;

/** One rollout whose time is compared with the computed bound. */
export interface Scenario {
  readonly name: string;
  readonly bytes: number;
  readonly plan: Omit<PlanInput, 'capsuleHash' | 'world' | 'seed'>;
  readonly target?: Target;
}

interface Choice {
  readonly mib: number;
  readonly latencyMs: [number, number];
  readonly loss: number;
  readonly bandwidth?: { readonly model: 'uplink' | 'link'; readonly mbps: number };
}

export function scenarioOf({ mib, latencyMs, loss, bandwidth }: Choice): Scenario {
  const rate = bandwidth === undefined ? 'no rate' : `${bandwidth.model} ${bandwidth.mbps} Mbit/s`;
  const latency = latencyMs[1] === 0 ? '0 ms' : `${latencyMs.join('–')} ms`;
  const target = bandwidth === undefined ? undefined : targetOf(bandwidth.mbps, loss);
  return {
    name: `${mib} MiB, ${rate}, ${latency}, ${loss} % loss`,
    bytes: mib * MIB,
    plan: {
      params: { nodes: NODES, latencyMs, packetLoss: loss },
      deadlineMs: DEADLINE_MS,
      ...(bandwidth === undefined ? {} : { bandwidth }),
    },
    ...(target === undefined ? {} : { target }),
  };
}

/** Stated for no loss, and for 10 Mbit/s with 10 %; what lies between has to be as good as the latter. */
function targetOf(mbps: number, loss: number): Target | undefined {
  if (loss === 0) return atMost(1.05);
  return mbps === 10 ? atMost(1.3) : undefined;
}

const LATENCIES: readonly [number, number][] = [
  [0, 0],
  [20, 60],
];
const MODELS = ['uplink', 'link'] as const;

function crossed(mib: number, mbps: number, losses: readonly number[]): Scenario[] {
  return MODELS.flatMap((model) =>
    LATENCIES.flatMap((latencyMs) =>
      losses.map((loss) => scenarioOf({ mib, latencyMs, loss, bandwidth: { model, mbps } })),
    ),
  );
}

export function virtualScenarios(quick: boolean): Scenario[] {
  if (quick) return crossed(2, 10, [0, 10]);
  const unlimited = [0, 1, 5].map((loss) => scenarioOf({ mib: 16, latencyMs: [20, 60], loss }));
  return [...crossed(16, 10, [0, 1, 5, 10]), ...crossed(64, 100, [0, 1, 5]), ...unlimited];
}
