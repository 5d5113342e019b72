import { nodeIdOf } from './nodeIds.ts';
import type { Fault } from './plan.ts';
import type { ChaosPreset } from './presets.ts';
import type { Loss } from './topology.ts';

/** The node most presets act on: n3 as in the documentation's pictures, or the last one of a smaller mesh. */
function victimOf(nodes: number): string {
  return nodeIdOf(Math.min(3, nodes - 1));
}

function crashMidDeploy(nodes: number): Fault[] {
  const node = victimOf(nodes);
  return [
    {
      when: { node, phase: 'receive', progress: 0.45 },
      do: { kill: node, restartAfterMs: 900 },
    },
  ];
}

/** Each node but n0 in turn, the next once the one before is healthy again. */
function rollingRestart(nodes: number): Fault[] {
  return Array.from({ length: nodes - 1 }, (_, index): Fault => {
    const node = nodeIdOf(index + 1);
    return {
      when:
        index === 0
          ? { node, phase: 'healthy', progress: 1 }
          : { afterFault: index - 1, delayMs: 100 },
      do: { kill: node, restartAfterMs: 300 },
    };
  });
}

/** The upper half of the nodes is cut off while the content is under way. */
function partition(nodes: number, oneWay: boolean): Fault[] {
  const all = Array.from({ length: nodes }, (_, index) => nodeIdOf(index));
  const half = Math.ceil(nodes / 2);
  const from = all.slice(0, half);
  const to = all.slice(half);
  const first = to[0] ?? victimOf(nodes);
  return [
    {
      when: { node: first, phase: 'receive', progress: 0.25 },
      do: { partition: { from, to, oneWay }, healAfterMs: 1500 },
    },
  ];
}

/** Bursts: a bad state of 10 packets on average that loses 70 %, in 1 of 5 packets; 14 % in the mean. */
const BURSTS: Loss = { kind: 'gilbert-elliott', p: 0.025, r: 0.1, lossGood: 0, lossBad: 0.7 };

function flakyLink(nodes: number): Fault[] {
  const from = nodeIdOf(0);
  const to = victimOf(nodes);
  return [
    { when: { atMs: 0 }, do: { degradeLink: { from, to, loss: BURSTS } } },
    { when: { atMs: 0 }, do: { degradeLink: { from: to, to: from, loss: BURSTS } } },
  ];
}

/** Long enough for services to ask each other something, and for their callers to give up. */
const OUTAGE_MS = 3_000;

/** What acts on services has something to act on once they are healthy. */
function onceHealthy(node: string, effect: Fault['do']): Fault[] {
  return [{ when: { node, phase: 'healthy', progress: 1 }, do: effect }];
}

/** What a plan asks for, as far as it says so: the page leaves out what is empty. */
export interface ChaosOf {
  readonly preset: ChaosPreset;
  readonly faults?: readonly Fault[];
}

/** The faults of a plan: its own, or its preset's when it lists none. */
export function scheduleOf({ preset, faults = [] }: ChaosOf, nodes: number): readonly Fault[] {
  return faults.length > 0 ? faults : presetSchedule(preset, nodes);
}

/** The schedule a preset stands for, for this many nodes. */
export function presetSchedule(preset: ChaosPreset, nodes: number): Fault[] {
  switch (preset) {
    case 'none':
      return [];
    case 'crash-mid-deploy':
      return crashMidDeploy(nodes);
    case 'rolling-restart':
      return rollingRestart(nodes);
    case 'partition':
      return partition(nodes, false);
    case 'one-way-partition':
      return partition(nodes, true);
    case 'flaky-link':
      return flakyLink(nodes);
    case 'slow-node':
      return [{ when: { atMs: 0 }, do: { slow: victimOf(nodes), factor: 4 } }];
    case 'corrupt-chunk':
      return [{ when: { atMs: 0 }, do: { corruptChunks: { to: victimOf(nodes), count: 2 } } }];
    case 'byzantine-node':
      return [{ when: { atMs: 0 }, do: { byzantine: victimOf(nodes) } }];
    case 'hung-service':
      return onceHealthy(victimOf(nodes), { pause: victimOf(nodes), forMs: OUTAGE_MS });
    case 'service-crash':
      return onceHealthy(victimOf(nodes), { killService: { node: victimOf(nodes) } });
    case 'dns-outage': {
      const all = Array.from({ length: nodes }, (_, index) => nodeIdOf(index));
      const effect = { dns: { nodes: all, mode: 'fail' as const }, forMs: OUTAGE_MS };
      return onceHealthy(victimOf(nodes), effect);
    }
    case 'disk-full': {
      const effect = { fillDisk: victimOf(nodes), leaveBytes: 0, forMs: OUTAGE_MS };
      return onceHealthy(victimOf(nodes), effect);
    }
  }
}
