import { EFFECT, MESSAGE, type MessageKind } from './io.ts';
import { type NodeContext, TIMER } from './nodeContext.ts';

/** Pause between two rounds of pings. */
const ROUND_MS = 20;
/** Rounds for each answer wanted: even at 60 % loss there and back some of them are answered. */
const ROUNDS_PER_ANSWER = 3;
/** How long the last answers are waited for; relayed pings of a ring of slow links take this long. */
const PATIENCE_MS = 2000;

const UINT32_RANGE = 0x100000000;

/** Measures one-way times to all other nodes with pings that are relayed along shortest paths. */
export class Prober {
  readonly #context: NodeContext;
  #wanted = 0;
  #rounds = 0;
  #lastRoundAt = 0;
  #running = false;
  /** By destination, answers so far; and numbers of probes answered, because a link may double a pong. */
  #answers: number[] = [];
  readonly #answered = new Set<number>();

  constructor(context: NodeContext) {
    this.#context = context;
  }

  start(count: number): void {
    this.#wanted = count;
    this.#rounds = 0;
    this.#running = true;
    this.#answers = new Array<number>(this.#context.options.nodes).fill(0);
    this.#answered.clear();
    this.#round();
  }

  onTimer(): void {
    if (!this.#running) return;
    if (this.#rounds < this.#wanted * ROUNDS_PER_ANSWER) this.#round();
    else if (this.#context.io.now() - this.#lastRoundAt >= PATIENCE_MS - 1) this.#finish();
  }

  #lacking(): number[] {
    const { options } = this.#context;
    return options.nextHops.flatMap((hop, destination) =>
      hop >= 0 && (this.#answers[destination] ?? 0) < this.#wanted ? [destination] : [],
    );
  }

  #round(): void {
    const { io, options } = this.#context;
    const lacking = this.#lacking();
    if (lacking.length === 0) {
      this.#finish();
      return;
    }
    const probe = this.#rounds;
    this.#rounds += 1;
    this.#lastRoundAt = io.now();
    const us = Math.round(io.now() * 1000);
    for (const destination of lacking) {
      const route = options.index * 0x10000 + destination;
      this.#relay(destination, MESSAGE.ping, route, probe, us, null);
    }
    const isLast = this.#rounds === this.#wanted * ROUNDS_PER_ANSWER;
    io.timer(TIMER.probe, isLast ? PATIENCE_MS : ROUND_MS);
  }

  #finish(): void {
    this.#running = false;
    const answers = this.#answers.reduce((sum, count) => sum + count, 0);
    this.#context.io.effect(EFFECT.probesDone, answers, 0, 0);
  }

  #relay(
    to: number,
    kind: MessageKind,
    route: number,
    probe: number,
    us: number,
    bits: Uint32Array | null,
  ): void {
    const { io, options } = this.#context;
    const hop = options.nextHops[to] ?? -1;
    if (hop < 0) return;
    io.send(hop, kind, route, probe, Math.floor(us / UINT32_RANGE), us % UINT32_RANGE, bits);
  }

  onPing(route: number, probe: number, high: number, low: number): void {
    const { io, options } = this.#context;
    const destination = route % 0x10000;
    const us = (high >>> 0) * UINT32_RANGE + (low >>> 0);
    if (destination !== options.index) {
      this.#relay(destination, MESSAGE.ping, route, probe, us, null);
      return;
    }
    const oneWay = Math.max(0, Math.round(io.now() * 1000) - us);
    const origin = Math.floor((route >>> 0) / 0x10000);
    this.#relay(origin, MESSAGE.pong, route, probe, us, Uint32Array.of(oneWay));
  }

  onPong(route: number, probe: number, high: number, low: number, bits: Uint32Array | null): void {
    const { io, options } = this.#context;
    const origin = Math.floor((route >>> 0) / 0x10000);
    const destination = route % 0x10000;
    const us = (high >>> 0) * UINT32_RANGE + (low >>> 0);
    if (origin !== options.index) {
      this.#relay(origin, MESSAGE.pong, route, probe, us, bits);
      return;
    }
    const answer = destination * 0x10000 + probe;
    if (!this.#running || this.#answered.has(answer)) return;
    this.#answered.add(answer);
    this.#answers[destination] = (this.#answers[destination] ?? 0) + 1;
    io.effect(EFFECT.probed, destination, probe, bits?.[0] ?? 0);
    if (this.#lacking().length === 0) this.#finish();
  }
}
