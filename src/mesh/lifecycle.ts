import { EFFECT, type MeshIo } from './io.ts';

/** Indices in model/plan PHASES. */
const BOOT = 0;
const VERIFY = 1;
const RECEIVE = 2;
const START = 3;
const HEALTHY = 4;

const STARTED = 0;
const OK = 1;
const ERROR = 2;

/** The phases of one node, in their order; each started and ended once per incarnation. */
export class Lifecycle {
  readonly #io: MeshIo;
  #phase = BOOT;
  #over = false;
  #hasFailed = false;

  constructor(io: MeshIo) {
    this.#io = io;
  }

  /** Halted: it neither sends nor listens any more. A node whose services failed still serves the content it verified. */
  get over(): boolean {
    return this.#over;
  }

  get booted(): boolean {
    return this.#phase > BOOT;
  }

  /** Every health check passed, and nothing failed since. */
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
