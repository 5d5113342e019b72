import type { HealthAsked } from '../../mesh/invariants.ts';
import { EFFECT } from '../../mesh/io.ts';
import { PHASE_STATUS, type Effect } from '../effectEvent.ts';
import type { AgentReport, ServiceContent } from '../../wire/report.ts';
import { PHASES, type NodePhase } from '../../model/plan.ts';
import type { FoundProgram } from '../../model/requiredProgram.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import type { HostedAgent } from '../hosts/hostedNode.ts';

/**
 * `running`: on its way · `ready`: all healthy · `halted`, `failed`: for good · `down`: killed; chaos may restart it.
 */
export type NodeStatus = 'running' | 'ready' | 'halted' | 'failed' | 'down';

/** How far a node was kept apart from the machine, whether it had a wire, and a process in its network. */
export type Surroundings = Pick<
  Extract<AgentReport, { type: 'isolated' }>,
  'isolation' | 'limit' | 'wire' | 'pid'
>;

type Noted = Extract<AgentReport, { type: 'health' | 'contents' | 'contents-at-end' }>;

/** What the orchestrator knows of one node, over all its incarnations. */
export class NodeRecord {
  readonly index: number;
  readonly id: string;
  status: NodeStatus = 'running';
  incarnation = 0;
  byzantine = false;
  /** The agent of its present life; undefined: it was killed, or none was launched yet. */
  process: HostedAgent | undefined;
  /** Resolves once agents that were killed or ended, and everything they had started, are gone. */
  ended: Promise<void> | undefined;
  /** Chunks it reported as held, crashes survived: what a restarted node lacks is what it lost. */
  readonly held = new Set<number>();
  /** Of the present incarnation: how many it found on its disk, and which it received. */
  kept = 0;
  readonly received = new Set<number>();
  openPhase: NodePhase | undefined;
  /** Its agent has said in the present life that the Capsule's signature was verified, whether that still counts as a phase or not. */
  verified = false;
  /** In some life it started a service before. */
  startedUnverified = false;
  /** The newest explanation its agent gave. */
  explanation = '';
  /** What it runs, as measured on its disk when it was READY, and when it had stopped or was about to be held up. */
  contents: ServiceContent[] | undefined;
  contentsAtEnd: ServiceContent[] | undefined;
  /** When its services were asked for their health again and all passed. */
  health: HealthAsked | undefined;
  /** By service, the program of the machine it runs. */
  readonly programs = new Map<string, FoundProgram>();
  /** What its services had around them, in each life in which they were to start. */
  readonly surroundings: Surroundings[] = [];
  /** In an upgrade: the Capsule whose services it runs or is about to run; undefined: not known yet. */
  runs: CapsuleVersion | undefined;
  /** In an upgrade, of the present incarnation: it holds the new Capsule whole and verified. */
  isStaged = false;
  /** In an upgrade: it was offered other content than the signed one, and takes no part in it. */
  hasHalted = false;
  probing = false;
  asking = false;
  /** ms since the run began; Infinity: not yet. */
  firstReadyAt = Infinity;

  constructor(index: number) {
    this.index = index;
    this.id = nodeIdOf(index);
  }

  get isOver(): boolean {
    return this.status === 'halted' || this.status === 'failed';
  }

  /** Keeps what became of its part in the mesh. */
  noteEffect({ kind, a, b }: Effect): void {
    if (kind === EFFECT.phase && PHASES[a] === 'verify' && PHASE_STATUS[b] === 'ok') {
      this.verified = true;
    }
    if (kind === EFFECT.chunkHeld) {
      this.held.add(a);
      this.received.add(a);
    }
    if (kind === EFFECT.probesDone) this.probing = false;
    if (kind === EFFECT.askingDone) this.asking = false;
    if (kind === EFFECT.halt) this.status = 'halted';
  }

  /** Keeps what its agent says of its services. */
  note(report: Noted): void {
    if (report.type === 'health') this.health = report;
    else if (report.type === 'contents') this.contents = report.contents;
    else this.contentsAtEnd = report.contents;
  }

  /** Evidence has one record of it, in whichever life it starts. `onReplaced`: it is another one now. */
  startsProgram(
    { service, path, sha256, version }: Extract<AgentReport, { type: 'program' }>,
    onReplaced: (sentence: string) => void,
  ): void {
    const known = this.programs.get(service);
    if (known === undefined) {
      const found = { path, sha256, ...(version === undefined ? {} : { version }) };
      this.programs.set(service, found);
    } else if (known.path !== path || known.sha256 !== sha256) {
      onReplaced(
        `The program of "${service}" was replaced on ${this.id} while the run lasted: run again.`,
      );
    }
  }

  /** From now on, in this life and the next ones, it alters what it relays. */
  makeByzantine(): void {
    this.byzantine = true;
    this.process?.send({ type: 'byzantine' });
  }
}
