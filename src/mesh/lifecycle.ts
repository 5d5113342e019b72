import { EFFECT, FACT, type FactKind, type MeshIo } from './io.ts';

/** What the protocol needs of the life of its node, and tells it. */
export interface NodeLifecycle {
  /** Halted: it neither sends nor listens any more. A node whose services failed still serves the content it verified. */
  readonly over: boolean;
  /** A neighbour has greeted it. */
  readonly booted: boolean;
  /** Every health check passed, and nothing failed since. */
  readonly ready: boolean;
  begin(): void;
  boot(): void;
  verified(): void;
  received(): void;
  halt(reason: number): void;
  /** What its host tells of its services. */
  onFact(kind: FactKind, a: number): void;
}

/** Indices in model/plan PHASES. */
const BOOT = 0;
const VERIFY = 1;
const RECEIVE = 2;
const START = 3;
const HEALTHY = 4;

const STARTED = 0;
const OK = 1;
const ERROR = 2;

/** The phases of a node that starts empty, in their order; each started and ended once per incarnation. */
export class Lifecycle implements NodeLifecycle {
  readonly #io: MeshIo;
  #phase = BOOT;
  #over = false;
  #hasFailed = false;

  constructor(io: MeshIo) {
    this.#io = io;
  }

  get over(): boolean {
    return this.#over;
  }

  get booted(): boolean {
    return this.#phase > BOOT;
  }

  get ready(): boolean {
    return this.#phase > HEALTHY && !this.#hasFailed && !this.#over;
  }

  begin(): void {
    this.#tell(BOOT, STARTED);
  }

  boot(): void {
    this.#pass(BOOT);
  }

  verified(): void {
    this.#pass(VERIFY);
  }

  received(): void {
    if (this.#phase !== RECEIVE) return;
    this.#pass(RECEIVE);
    this.#io.effect(EFFECT.startServices, 0, 0, 0);
  }

  onFact(kind: FactKind): void {
    if (kind === FACT.servicesStarted) this.servicesStarted();
    else if (kind === FACT.servicesHealthy) this.servicesHealthy();
    else if (kind === FACT.servicesFailed) this.servicesFailed();
  }

  servicesStarted(): void {
    this.#pass(START);
  }

  servicesHealthy(): void {
    this.#pass(START);
    if (this.#hasFailed || this.#phase !== HEALTHY) return;
    this.#tell(HEALTHY, OK);
    this.#phase = HEALTHY + 1;
  }

  /** Before READY the phase ends in error; later the world reports it, for no phase is open. */
  servicesFailed(): void {
    if (this.#hasFailed) return;
    if (this.#phase === START || this.#phase === HEALTHY) this.#fail(-1);
    this.#hasFailed = true;
  }

  halt(reason: number): void {
    if (this.#over) return;
    if (this.#phase <= HEALTHY && !this.#hasFailed) this.#fail(reason);
    this.#over = true;
    this.#io.effect(EFFECT.halt, reason, 0, 0);
  }

  #pass(phase: number): void {
    if (this.#over || this.#hasFailed || this.#phase !== phase) return;
    this.#tell(phase, OK);
    this.#phase = phase + 1;
    this.#tell(phase + 1, STARTED);
  }

  #fail(reason: number): void {
    this.#io.effect(EFFECT.phase, this.#phase, ERROR, reason);
  }

  #tell(phase: number, status: number): void {
    this.#io.effect(EFFECT.phase, phase, status, 0);
  }
}
