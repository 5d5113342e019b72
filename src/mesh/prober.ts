import { EFFECT } from './io.ts';
import { destinationOf, originOf, routeOf, sendPing, sendPong } from './messages.ts';
import { type NodeContext, TIMER } from './nodeContext.ts';

/** Pause between two rounds of pings. */
const ROUND_MS = 20;
/** Rounds for each answer wanted: even at 60 % loss there and back some of them are answered. */
const ROUNDS_PER_ANSWER = 3;
/** How long the last answers are waited for; relayed pings of a ring of slow links take this long. */
const PATIENCE_MS = 2000;

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
      const route = routeOf(options.index, destination);
      sendPing(io, options.nextHops[destination] ?? -1, route, probe, us);
    }
    const isLast = this.#rounds === this.#wanted * ROUNDS_PER_ANSWER;
    io.timer(TIMER.probe, isLast ? PATIENCE_MS : ROUND_MS);
  }

  #finish(): void {
    this.#running = false;
    const answers = this.#answers.reduce((sum, count) => sum + count, 0);
    this.#context.io.effect(EFFECT.probesDone, answers, 0, 0);
  }

  onPing(route: number, probe: number, sentUs: number): void {
    const { io, options } = this.#context;
    const destination = destinationOf(route);
    if (destination !== options.index) {
      const hop = options.nextHops[destination] ?? -1;
      if (hop >= 0) sendPing(io, hop, route, probe, sentUs);
      return;
    }
    this.#relayPong(route, probe, sentUs, Math.max(0, Math.round(io.now() * 1000) - sentUs));
  }

  #relayPong(route: number, probe: number, sentUs: number, oneWayUs: number): void {
    const { io, options } = this.#context;
    const hop = options.nextHops[originOf(route)] ?? -1;
    if (hop >= 0) sendPong(io, hop, route, probe, sentUs, oneWayUs);
  }

  onPong(route: number, probe: number, sentUs: number, oneWayUs: number): void {
    const { io, options } = this.#context;
    const destination = destinationOf(route);
    if (originOf(route) !== options.index) {
      this.#relayPong(route, probe, sentUs, oneWayUs);
      return;
    }
    const answer = routeOf(destination, probe);
    if (!this.#running || this.#answered.has(answer)) return;
    this.#answered.add(answer);
    this.#answers[destination] = (this.#answers[destination] ?? 0) + 1;
    io.effect(EFFECT.probed, destination, probe, oneWayUs);
    if (this.#lacking().length === 0) this.#finish();
  }
}
