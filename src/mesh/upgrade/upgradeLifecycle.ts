import {
  BESIDE_PHASES,
  MOVE_PHASES,
  NODE_PHASES,
  PHASES,
  type NodePhase,
} from '../../model/plan.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import { EFFECT, FACT, VERSIONS, type FactKind, type MeshIo } from '../io.ts';
import { Lifecycle, type NodeLifecycle } from '../lifecycle.ts';
import type { MeshNodeOptions } from '../nodeOptions.ts';

const STARTED = 0;
const OK = 1;
const ERROR = 2;

/** What a node does before it starts what it runs: all of that is on its disk. */
const BEFORE_START = PHASES.slice(0, PHASES.indexOf('start'));

/**
 * How far a move is whose services start beside those that serve. coming: they are laid out and start, or have failed. beside: they
 * are healthy. ending: what does not serve any more, or never did, is stopped, and what serves is asked for its health.
 */
type Stage = 'at-rest' | 'coming' | 'beside' | 'ending';

/**
 * The life of a node that runs one Capsule while it receives another. In each incarnation it goes through the phases of what it
 * runs, which its host has verified before; then, for each move, through MOVE_PHASES or BESIDE_PHASES. What the protocol receives is
 * staged: it replaces nothing until the host is told to move.
 */
export class UpgradeLifecycle implements NodeLifecycle {
  readonly #io: MeshIo;
  readonly #isBeside: boolean;
  /** Index in VERSIONS: what it runs, and what it is moved to. */
  #runs: number;
  #comes: number;
  #stage: Stage = 'at-rest';
  /** The phase that is open, or was the last. */
  #phase: NodePhase = 'boot';
  #isOpen = false;
  #hasFailed = false;
  #isOver = false;
  #isGreeted = false;
  #isStaged = false;

  /** @param isBeside what it is moved to starts beside what it runs */
  constructor(io: MeshIo, runs: CapsuleVersion, isBeside = false) {
    this.#io = io;
    this.#isBeside = isBeside;
    this.#runs = VERSIONS.indexOf(runs);
    this.#comes = this.#runs;
  }

  /** Of its part in the upgrade; its services run on. */
  get over(): boolean {
    return this.#isOver;
  }

  get booted(): boolean {
    return this.#isGreeted;
  }

  get ready(): boolean {
    const serves = this.#stage !== 'at-rest' || (this.#phase === 'healthy' && !this.#isOpen);
    return serves && !this.#hasFailed;
  }

  begin(): void {
    for (const phase of BEFORE_START) {
      this.#begin(phase);
      this.#pass();
    }
    this.#start();
  }

  boot(): void {
    this.#isGreeted = true;
  }

  verified(): void {
    // What it means for the node is told when all is here.
  }

  received(): void {
    if (this.#isOver || this.#isStaged) return;
    this.#isStaged = true;
    this.#io.effect(EFFECT.staged, 0, 0, 0);
  }

  halt(reason: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#io.effect(EFFECT.upgradeHalted, reason, 0, 0);
  }

  onFact(kind: FactKind, a: number): void {
    if (kind === FACT.move) this.#move(a);
    else if (kind === FACT.servicesStopped && this.#isIn('stop')) this.#stopped();
    else if (kind === FACT.migrated && this.#isIn('migrate')) this.#next('start');
    else if (kind === FACT.servicesStarted && this.#isIn('start')) this.#next('healthy');
    else if (kind === FACT.servicesHealthy) this.#servicesHealthy();
    else if (kind === FACT.servicesFailed) this.#servicesFailed();
    else if (kind === FACT.besideFailed) this.#besideFailed();
    else if (kind === FACT.takeOver) this.#takeOver();
    else if (kind === FACT.giveUp) this.#giveUp();
  }

  /** Out of READY, or of a failure. */
  #move(version: number): void {
    const isAtRest = this.#stage === 'at-rest' && this.ready;
    if (!isAtRest && !this.#hasFailed) return;
    this.#hasFailed = false;
    this.#comes = version;
    if (this.#isBeside) this.#stage = 'coming';
    else this.#runs = version;
    this.#enter((this.#isBeside ? BESIDE_PHASES : MOVE_PHASES)[0]);
  }

  #stopped(): void {
    if (this.#stage !== 'ending') {
      this.#next('migrate');
      return;
    }
    this.#pass();
    this.#begin('healthy');
    this.#io.effect(EFFECT.askHealth, 0, 0, 0);
  }

  #servicesHealthy(): void {
    if (this.#isIn('start')) this.#next('healthy');
    if (!this.#isIn('healthy')) return;
    const isComing = this.#stage === 'coming';
    this.#stage = isComing ? 'beside' : 'at-rest';
    this.#pass();
    if (isComing) this.#io.effect(EFFECT.beside, this.#comes, 0, 0);
  }

  /** After READY the world reports it, for no phase is open. */
  #servicesFailed(): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#fail();
  }

  /** What served before serves on. */
  #besideFailed(): void {
    if (this.#stage !== 'coming' && this.#stage !== 'beside') return;
    this.#stage = 'coming';
    this.#fail();
  }

  #takeOver(): void {
    if (this.#stage !== 'beside') return;
    this.#runs = this.#comes;
    this.#io.effect(EFFECT.takenOver, this.#runs, 0, 0);
    this.#endMove();
  }

  #giveUp(): void {
    if (this.#stage !== 'coming' && this.#stage !== 'beside') return;
    this.#fail();
    this.#comes = this.#runs;
    this.#endMove();
  }

  #endMove(): void {
    this.#stage = 'ending';
    this.#enter('stop');
  }

  #isIn(phase: NodePhase): boolean {
    return this.#isOpen && this.#phase === phase;
  }

  #next(phase: NodePhase): void {
    this.#pass();
    this.#enter(phase);
  }

  #enter(phase: NodePhase): void {
    if (phase === 'start') {
      this.#start();
      return;
    }
    this.#begin(phase);
    if (phase === 'stop') this.#io.effect(EFFECT.stopServices, 0, 0, 0);
    else if (phase === 'migrate') this.#io.effect(EFFECT.migrate, this.#comes, 0, 0);
  }

  #start(): void {
    this.#begin('start');
    this.#io.effect(EFFECT.startServices, this.#comes, 0, 0);
  }

  #begin(phase: NodePhase): void {
    this.#phase = phase;
    this.#isOpen = true;
    this.#tell(STARTED, 0);
  }

  #pass(): void {
    this.#isOpen = false;
    this.#tell(OK, 0);
  }

  #fail(): void {
    if (this.#isOpen) this.#tell(ERROR, -1);
    this.#isOpen = false;
  }

  #tell(status: number, reason: number): void {
    this.#io.effect(EFFECT.phase, NODE_PHASES.indexOf(this.#phase), status, reason);
  }
}

/** Of a node that is upgraded, or of one that receives what it starts. */
export function lifecycleOf(
  { runs, isBeside }: Pick<MeshNodeOptions, 'runs' | 'isBeside'>,
  io: MeshIo,
): NodeLifecycle {
  return runs === undefined ? new Lifecycle(io) : new UpgradeLifecycle(io, runs, isBeside);
}
