import type { MeshEvent } from '../model/events.ts';
import { byKind, type EffectOf, type FaultKind } from '../model/faultKinds.ts';
import type { FaultReport } from '../model/faultReport.ts';
import type { Fault } from '../model/plan.ts';

/** What is kept of one fault. Times are ms since the run began. */
interface FaultRecord {
  readonly fault: Fault;
  firedAt: number | null;
  endedAt: number | null;
  booted: boolean;
  held: number;
  refused: number;
  /** Of the events of the fault. */
  count: number;
  /** Of those on a disk. */
  leastFree: number | null;
  hasActed: boolean;
  notApplied: string | undefined;
}

/** Of one node, in its present incarnation. */
interface NodeState {
  booted: boolean;
  held: number;
}

type EventOf<T extends MeshEvent['type']> = Extract<MeshEvent, { type: T }>;

/** Folds the events of a run into what each fault of its schedule did. */
export class FaultRecords {
  readonly #records: readonly FaultRecord[];
  readonly #chunks: number;
  readonly #isUpgrade: boolean;
  /** Those of which something was told. */
  readonly #nodes = new Map<string, NodeState>();
  /** By node, the fault that is about to kill it. */
  readonly #killing = new Map<string, FaultRecord>();

  /**
   * `chunks`: how many different ones the Capsule has. `isUpgrade`: what nodes receive first is the Capsule that they ran
   * before; when they hold the plan's own is an event of the upgrade.
   */
  constructor(schedule: readonly Fault[], chunks: number, isUpgrade = false) {
    this.#chunks = chunks;
    this.#isUpgrade = isUpgrade;
    this.#records = schedule.map((fault) => ({
      fault,
      firedAt: null,
      endedAt: null,
      booted: false,
      held: 0,
      refused: 0,
      count: 0,
      leastFree: null,
      hasActed: false,
      notApplied: undefined,
    }));
  }

  apply(event: MeshEvent): void {
    if (this.#records.length === 0) return;
    if (event.type === 'fault') this.#applyFault(event);
    else if (event.type === 'node') this.#applyNode(event);
    else if (event.type === 'chunk') this.#stateOf(event.nodeId).held = event.have;
    else if (event.type === 'phase' && event.status === 'ok') this.#applyPhase(event);
    else if (event.type === 'upgrade') this.#applyUpgrade(event);
    else if (event.type === 'refusal' && event.status !== 'peer') this.#applyRefusal(event);
  }

  #applyFault({ fault, status, at, count = 0, free, details }: EventOf<'fault'>): void {
    const record = this.#records[fault];
    if (record === undefined) return;
    record.count += count;
    if (free !== undefined) record.leastFree = Math.min(record.leastFree ?? Infinity, free);
    if (status === 'healed') record.endedAt = at;
    else if (status === 'acted') record.hasActed = true;
    else if (status === 'not-applied') record.notApplied ??= details;
    else {
      record.firedAt = at;
      if ('kill' in record.fault.do) this.#killing.set(record.fault.do.kill, record);
    }
  }

  #applyNode({ nodeId, status, kept = 0 }: EventOf<'node'>): void {
    const node = this.#stateOf(nodeId);
    if (status === 'restarted') node.held = kept;
    if (status !== 'crashed') return;
    const record = this.#killing.get(nodeId);
    this.#killing.delete(nodeId);
    if (record !== undefined) Object.assign(record, node);
    Object.assign(node, { booted: false, held: 0 });
  }

  #applyPhase({ nodeId, phase }: EventOf<'phase'>): void {
    const node = this.#stateOf(nodeId);
    if (phase === 'boot') node.booted = true;
    // n0 has all of it from the workspace's store, and no event for each chunk.
    if (phase === 'receive' && !this.#isUpgrade) node.held = this.#chunks;
  }

  #applyUpgrade({ nodeId, status }: EventOf<'upgrade'>): void {
    if (nodeId !== undefined && status === 'staged') this.#stateOf(nodeId).held = this.#chunks;
  }

  #applyRefusal({ nodeId, from, status }: EventOf<'refusal'>): void {
    for (const record of this.#records) {
      const effect = record.fault.do;
      const isAltered = 'byzantine' in effect && effect.byzantine === from;
      const isDamaged =
        'corruptChunks' in effect && effect.corruptChunks.to === nodeId && status === 'chunk';
      if (record.firedAt !== null && (isAltered || isDamaged)) record.refused += 1;
    }
  }

  #stateOf(nodeId: string): NodeState {
    const known = this.#nodes.get(nodeId);
    if (known !== undefined) return known;
    const node = { booted: false, held: 0 };
    this.#nodes.set(nodeId, node);
    return node;
  }

  /**
   * @param isoTime of ms since the run began
   * @param impaired by index in the schedule, the emulator's count of packets that fared worse than without the fault
   * @param ofServices the same of packets of services; left out: they were not connected
   */
  reports(
    isoTime: (at: number) => string,
    impaired: readonly number[],
    ofServices?: readonly number[],
  ): FaultReport[] {
    const timeOf = (at: number | null) => (at === null ? null : isoTime(at));
    return this.#records.map((record, fault) => {
      const times = { firedAt: timeOf(record.firedAt), endedAt: timeOf(record.endedAt) };
      const counted = {
        ...record,
        impaired: impaired[fault] ?? 0,
        ofServices: ofServices && (ofServices[fault] ?? 0),
      };
      return {
        fault,
        ...times,
        ...byKind<Finding<FaultKind>, [Counted]>(FINDINGS, record.fault.do, counted),
      };
    });
  }
}

type Counted = FaultRecord & {
  readonly impaired: number;
  readonly ofServices: number | undefined;
};

/** What a report says besides its times. */
type Finding<Kind extends FaultKind> = Kind extends FaultKind
  ? Omit<Extract<FaultReport, { effect: Kind }>, 'fault' | 'firedAt' | 'endedAt'>
  : never;
type Findings = {
  readonly [Kind in FaultKind]: (effect: EffectOf<Kind>, counted: Counted) => Finding<Kind>;
};

const FINDINGS = {
  kill: (_effect, { booted, held }) => ({ effect: 'kill', booted, held }),
  partition: (_effect, counted) => ({ effect: 'partition', ...impairedBy(counted) }),
  degradeLink: (_effect, counted) => ({ effect: 'degradeLink', ...impairedBy(counted) }),
  slow: (_effect, counted) => ({ effect: 'slow', ...impairedBy(counted) }),
  corruptChunks: (_effect, { impaired, refused }) => {
    return { effect: 'corruptChunks', impaired, refused };
  },
  byzantine: (_effect, { refused }) => ({ effect: 'byzantine', refused }),
  pause: (_effect, record) => ({ effect: 'pause', processes: record.count, ...applied(record) }),
  killService: (_effect, record) => {
    return { effect: 'killService', processes: record.count, ...applied(record) };
  },
  refuse: (_effect, record) => ({ effect: 'refuse', packets: record.count, ...applied(record) }),
  dns: (_effect, record) => ({ effect: 'dns', answers: record.count, ...applied(record) }),
  fillDisk: (_effect, record) => {
    const { count: filled, leastFree } = record;
    return { effect: 'fillDisk', filled, leastFree, ...applied(record) };
  },
} satisfies Findings;

function impairedBy({ impaired, ofServices }: Counted) {
  return { impaired, ...(ofServices === undefined ? {} : { impairedOfServices: ofServices }) };
}

/** A fault of several nodes was applied if it was on one of them. */
function applied({ hasActed, notApplied }: FaultRecord): { readonly notApplied?: string } {
  return hasActed || notApplied === undefined ? {} : { notApplied };
}
