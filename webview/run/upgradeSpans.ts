import type { MeshEvent } from '../../src/model/events.ts';
import { nodeIndexOf } from '../../src/model/nodeIds.ts';
import type { CapsuleVersion, UpgradeWindow } from '../../src/model/upgradeReport.ts';

/** Times in ms since the run began; `end` is Infinity while it goes on. */
interface Span {
  readonly start: number;
  end: number;
}

export interface WindowSpan extends Span {
  readonly window: UpgradeWindow;
}

export interface WaveSpan extends Span {
  /** From 1, over all ways there and back. */
  readonly wave: number;
  readonly to: CapsuleVersion;
  /** Indices of those that are moved. */
  readonly nodes: readonly number[];
  hasFailed: boolean;
  /** The names lead to what started beside what served. */
  hasSwitched: boolean;
}

/** Which Capsule a node runs. */
export interface VersionSpan extends Span {
  readonly version: CapsuleVersion;
}

/** Which Capsule's services a phase of a node is about that begins at `start`. */
export interface PhaseVersion {
  readonly start: number;
  readonly version: CapsuleVersion;
}

export interface CheckResult {
  readonly at: number;
  readonly node: number;
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'unfinished';
}

type EventOf<Type extends MeshEvent['type']> = Extract<MeshEvent, { type: Type }>;

/** What runs where while a mesh is upgraded, kept up to date event by event. */
export class UpgradeSpans {
  readonly windows: WindowSpan[] = [];
  readonly waves: WaveSpan[] = [];
  readonly checks: CheckResult[] = [];
  /** By node. */
  readonly versions: readonly VersionSpan[][];
  /** By node. */
  readonly phases: readonly PhaseVersion[][];
  /** By node: what it starts next, once it has stopped for a move. */
  readonly #moving = new Map<number, CapsuleVersion>();
  /** By node: what it starts beside what it runs. */
  readonly #coming = new Map<number, CapsuleVersion>();

  constructor(nodes: number) {
    this.versions = Array.from({ length: nodes }, () => []);
    this.phases = Array.from({ length: nodes }, () => []);
  }

  push(event: MeshEvent): void {
    if (event.type === 'wave') this.#pushWave(event);
    else if (event.type === 'window') {
      closeLast(this.windows, event.at);
      this.windows.push({ window: event.window, start: event.at, end: Infinity });
    } else if (event.type === 'check') this.#pushCheck(event);
    else if (event.type === 'phase' && event.status === 'started') this.#pushPhase(event);
    else if (event.type === 'node' && event.status === 'crashed') {
      // What it chose to run survives a crash, and it chooses when it starts: a move begins anew.
      this.#moving.delete(nodeIndexOf(event.nodeId));
      this.#coming.delete(nodeIndexOf(event.nodeId));
    } else if (event.type === 'run' && event.status !== 'started') this.#close(event.at);
  }

  /** What the node runs at `t` ms; undefined: nothing yet. */
  versionAt(node: number, t: number): CapsuleVersion | undefined {
    return this.versions[node]?.findLast(({ start }) => start <= t)?.version;
  }

  #pushWave({ wave, to, nodes, status, at }: EventOf<'wave'>): void {
    if (status === 'begun') {
      const indices = nodes.map(nodeIndexOf);
      const open = { end: Infinity, hasFailed: false, hasSwitched: false };
      this.waves.push({ wave, to, nodes: indices, start: at, ...open });
      return;
    }
    const span = this.waves.findLast((one) => one.wave === wave);
    if (span === undefined) return;
    if (status === 'switched') {
      span.hasSwitched = true;
      for (const node of span.nodes) this.#runs(node, to, at);
      return;
    }
    span.end = at;
    span.hasFailed = status === 'failed';
  }

  #pushCheck({ nodeId, name, status, at }: EventOf<'check'>): void {
    if (status !== 'begun') this.checks.push({ at, node: nodeIndexOf(nodeId), name, status });
  }

  #pushPhase({ nodeId, phase, at }: EventOf<'phase'>): void {
    const node = nodeIndexOf(nodeId);
    const wave = this.waves.findLast(({ nodes }) => nodes.includes(node));
    const runs = this.versions[node]?.at(-1)?.version ?? 'old';
    // Whoever migrates before it has stopped starts what comes beside what it runs.
    if (phase === 'migrate' && wave !== undefined && !this.#moving.has(node)) {
      this.#coming.set(node, wave.to);
    }
    const coming = this.#coming.get(node);
    if (phase === 'stop') {
      this.#coming.delete(node);
      if (coming === undefined && wave !== undefined) this.#moving.set(node, wave.to);
      const hasTakenOver = coming !== undefined && wave?.hasSwitched === true;
      if (hasTakenOver) this.#runs(node, coming, at);
      this.#acts(node, hasTakenOver ? otherThan(coming) : (coming ?? runs), at);
    } else if (phase === 'start') {
      const version = coming ?? this.#moving.get(node) ?? runs;
      this.#moving.delete(node);
      if (coming === undefined) this.#runs(node, version, at);
      this.#acts(node, version, at);
    } else if (phase === 'healthy') this.#acts(node, coming ?? runs, at);
  }

  #acts(node: number, version: CapsuleVersion, start: number): void {
    this.phases[node]?.push({ start, version });
  }

  #runs(node: number, version: CapsuleVersion, at: number): void {
    const spans = this.versions[node];
    if (spans === undefined || spans.at(-1)?.version === version) return;
    closeLast(spans, at);
    spans.push({ version, start: at, end: Infinity });
  }

  /** The run is over, whatever still went on. */
  #close(at: number): void {
    for (const spans of [this.windows, this.waves, ...this.versions]) closeLast(spans, at);
  }
}

function closeLast(spans: readonly Span[], at: number): void {
  const last = spans.at(-1);
  if (last?.end === Infinity) last.end = at;
}

function otherThan(version: CapsuleVersion): CapsuleVersion {
  return version === 'new' ? 'old' : 'new';
}
