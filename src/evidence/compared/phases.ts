import type { EvidenceExtension } from '../../model/evidence.ts';
import type { PhaseDifference } from '../../model/runComparison.ts';
import { both } from './sides.ts';

/** Times of reports are whole milliseconds; those of waves have three decimals. */
const ROUNDED_MS = 1;

interface PlacedPhase extends Pick<PhaseDifference, 'nodeId' | 'phase' | 'wave' | 'attempt'> {
  readonly key: string;
  readonly ms: number;
  readonly status: 'ok' | 'error';
}

/** Phases of both, aligned by node, phase, wave and attempt: node by node, in the order of A and then what B has besides. */
export function phaseDifferences(a: EvidenceExtension, b: EvidenceExtension): PhaseDifference[] {
  const [ofA, ofB] = [byKey(a), byKey(b)];
  const all = new Map([...ofB, ...ofA]);
  const order = [...new Set([...ofA.keys(), ...ofB.keys()])];
  const nodes = [...new Set([...all.values()].map(({ nodeId }) => nodeId))].sort(byNumber);
  return nodes.flatMap((node) =>
    order.flatMap((key): PhaseDifference[] => {
      const phase = all.get(key);
      if (phase?.nodeId !== node) return [];
      const { nodeId, phase: name, wave, attempt } = phase;
      return [
        { nodeId, phase: name, wave, attempt, ...both(told(ofA.get(key)), told(ofB.get(key))) },
      ];
    }),
  );
}

function byNumber(left: string, right: string): number {
  return Number(left.slice(1)) - Number(right.slice(1));
}

function told(phase: PlacedPhase | undefined) {
  return phase === undefined ? undefined : { ms: phase.ms, status: phase.status };
}

function byKey(evidence: EvidenceExtension): Map<string, PlacedPhase> {
  const began = Date.parse(evidence.result.startedAt);
  const counts = new Map<string, number>();
  const placed = evidence.result.nodeReports.flatMap(({ nodeId, phases }) =>
    phases.map(({ name, start, end, status }): PlacedPhase => {
      const wave = waveAt(evidence, nodeId, Date.parse(start) - began);
      const where = `${nodeId} ${name} ${wave}`;
      const attempt = (counts.get(where) ?? 0) + 1;
      counts.set(where, attempt);
      const ms = Math.max(0, Date.parse(end) - Date.parse(start));
      return { key: `${where} ${attempt}`, nodeId, phase: name, wave, attempt, ms, status };
    }),
  );
  return new Map(placed.map((phase) => [phase.key, phase]));
}

/** The wave of an upgrade that moves this node at this time; 0: none. The last that had begun, since one ends as the next begins. */
function waveAt(evidence: EvidenceExtension, nodeId: string, atMs: number): number {
  if (!('upgrade' in evidence)) return 0;
  const moving = evidence.upgrade.waves.findLast(
    ({ nodes, startMs, endMs }) =>
      nodes.includes(nodeId) &&
      startMs <= atMs + ROUNDED_MS &&
      atMs <= (endMs ?? Infinity) + ROUNDED_MS,
  );
  return moving?.index ?? 0;
}
