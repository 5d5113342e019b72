import { PATIENCE_MS } from '../model/serviceMeasures.ts';
import { EFFECT } from './io.ts';
import { destinationOf, originOf, routeOf, sendAnswer, sendAsk } from './messages.ts';
import { type NodeContext, TIMER } from './nodeContext.ts';
import type { MeshNodeOptions } from './nodeOptions.ts';
import { baseTimeout, newRoundTrip, noteRoundTrip, type RoundTrip } from './roundTrip.ts';

/**
 * Each service is asked for about 50 times a second by all nodes together, however many there are: 100 answers, the
 * fewest that have a 99th percentile, take two seconds.
 */
const PERIOD_PER_NODE_MS = 20;
/** An upgrade lasts for many times that: there about 20 times a second are enough for each of its windows. */
const UPGRADED_PERIOD_PER_NODE_MS = 50;
/** Two nodes ask no faster than this. */
const LEAST_PERIOD_MS = 50;

/** Services that are asked seldom are asked in each so many rounds: whether they take connections shows all the same. */
const SELDOM_ROUNDS = 4;

/** What a host found that asked a service of another node; refused: nobody took the connection there. */
export type ServiceAnswer = 'passed' | 'failed' | 'refused';

/** Turns wrap far beyond any round. */
const MOST_TURNS = 0x10000;

function perNodeMs({ runs }: Pick<MeshNodeOptions, 'runs'>): number {
  return runs === undefined ? PERIOD_PER_NODE_MS : UPGRADED_PERIOD_PER_NODE_MS;
}

interface Question {
  readonly probe: number;
  readonly service: number;
  readonly to: number;
  readonly askedAt: number;
  /** By its host, which repeats nothing: that is for TCP to do. */
  readonly overWire: boolean;
  lastSentAt: number;
  attempts: number;
}

/**
 * Asks the other nodes, in turn, whether their services work, from READY on. Questions and answers travel over the
 * emulated links along shortest paths; what is lost is asked again after the link's retransmission timeout (RFC 6298), and
 * the time is counted from the first attempt, as a caller of the service would. Where its host has a wire, that asks in its
 * place, as a program of the node. One round of questions is one timer.
 */
export class ServiceAsker {
  readonly #context: NodeContext;
  readonly #open = new Map<number, Question>();
  readonly #roundTrips = new Map<number, RoundTrip>();
  /** Questions of others that its host is working on: a repeated one is not put to the service twice. */
  readonly #working = new Set<string>();
  #state: 'idle' | 'asking' | 'ending' | 'done' = 'idle';
  #probe = 0;
  #turn = 0;
  #isWired = false;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  /** From now on its host asks. */
  wired(): void {
    this.#isWired = true;
  }

  /** By node. */
  get #asks(): readonly (readonly number[])[] {
    const { asks = [], wireAsks = [] } = this.#context.options;
    return this.#isWired ? wireAsks : asks;
  }

  begin(): void {
    if (
      this.#state !== 'idle' ||
      this.#asks.every((one) => one.length === 0) ||
      !this.#context.lifecycle.ready
    )
      return;
    this.#state = 'asking';
    this.onTimer();
  }

  end(): void {
    if (this.#state === 'done') return;
    const isWaiting = this.#state === 'asking' && this.#open.size > 0;
    this.#state = 'ending';
    if (!isWaiting) this.#finish();
  }

  onTimer(): void {
    const { io, options, lifecycle } = this.#context;
    if (this.#state === 'idle' || this.#state === 'done') return;
    this.#chase();
    if (this.#state === 'asking' && lifecycle.ready) this.#askNext();
    if (this.#state === 'ending' && this.#open.size === 0) this.#finish();
    else io.timer(TIMER.ask, Math.max(LEAST_PERIOD_MS, options.nodes * perNodeMs(options)));
  }

  onAsk(route: number, probe: number, service: number): void {
    const { io, options } = this.#context;
    if (destinationOf(route) !== options.index) {
      this.#passOn(route, probe, service);
      return;
    }
    const key = `${route} ${probe}`;
    if (this.#working.has(key)) return;
    this.#working.add(key);
    io.effect(EFFECT.probeService, route, probe, service);
  }

  serviceProbed(route: number, probe: number, service: number, passed: boolean): void {
    this.#working.delete(`${route} ${probe}`);
    this.#reply(route, probe, service, passed);
  }

  /** @param answer undefined: the host could not ask, which says nothing about the service */
  serviceAsked(probe: number, answer: ServiceAnswer | undefined): void {
    const question = this.#open.get(probe);
    if (question === undefined) return;
    if (answer === undefined) this.#close(probe);
    else this.#settle(question, answer, this.#context.io.now() - question.askedAt);
  }

  onAnswer(route: number, probe: number, service: number, passed: boolean): void {
    const { io, options } = this.#context;
    if (originOf(route) !== options.index) {
      this.#reply(route, probe, service, passed);
      return;
    }
    const question = this.#open.get(probe);
    if (question === undefined) return;
    const elapsed = io.now() - question.askedAt;
    // The answer to a question that was repeated may be to either (Karn's algorithm).
    if (question.attempts === 1) noteRoundTrip(this.#roundTripTo(question.to), elapsed);
    this.#settle(question, passed ? 'passed' : 'failed', elapsed);
  }

  /** One node a turn, each service of it; a round is a turn of each node. */
  #askNext(): void {
    const { options, io } = this.#context;
    const { nextHops, index, nodes, askedSeldom = [] } = options;
    const asks = this.#asks;
    // Nodes start at different places of the circle, so that not all ask the same one at once.
    const others = nextHops.flatMap((hop, to) =>
      hop >= 0 && to !== index && (asks[to] ?? []).length > 0 ? [to] : [],
    );
    const to = others[(index + this.#turn) % Math.max(1, others.length)];
    const round = Math.floor(this.#turn / Math.max(1, others.length));
    const isTurnOf = (service: number) =>
      round % SELDOM_ROUNDS === 0 || !askedSeldom.includes(service);
    this.#turn = (this.#turn + 1) % (nodes * MOST_TURNS);
    if (to === undefined) return;
    for (const service of (asks[to] ?? []).filter(isTurnOf)) {
      const askedAt = io.now();
      const overWire = this.#isWired;
      const asked = { probe: this.#probe, service, to, askedAt, overWire };
      const question = { ...asked, lastSentAt: 0, attempts: 0 };
      this.#probe += 1;
      this.#open.set(question.probe, question);
      if (overWire) io.effect(EFFECT.askService, to, question.probe, service);
      else this.#send(question);
    }
  }

  /** Gives up what took too long, and repeats what was probably lost. */
  #chase(): void {
    const now = this.#context.io.now();
    for (const question of [...this.#open.values()]) {
      if (now - question.askedAt >= PATIENCE_MS) {
        this.#settle(question, 'failed', now - question.askedAt);
      } else if (!question.overWire && this.#isProbablyLost(question, now)) {
        this.#send(question);
      }
    }
  }

  #isProbablyLost({ lastSentAt, to }: Question, now: number): boolean {
    return now - lastSentAt >= baseTimeout(this.#roundTripTo(to));
  }

  #send(question: Question): void {
    const { io, options } = this.#context;
    question.lastSentAt = io.now();
    question.attempts += 1;
    this.#passOn(routeOf(options.index, question.to), question.probe, question.service);
  }

  #settle(question: Question, answer: ServiceAnswer, elapsedMs: number): void {
    const { probe, service, to, overWire } = question;
    const how = { passed: 1, failed: 0, refused: 4 }[answer];
    const said = 8 * service + (overWire ? 2 : 0) + how;
    this.#context.io.effect(EFFECT.asked, to, said, Math.round(elapsedMs * 1000));
    this.#close(probe);
  }

  #close(probe: number): void {
    this.#open.delete(probe);
    if (this.#state === 'ending' && this.#open.size === 0) this.#finish();
  }

  #finish(): void {
    this.#state = 'done';
    this.#context.io.effect(EFFECT.askingDone, 0, 0, 0);
  }

  #roundTripTo(node: number): RoundTrip {
    let roundTrip = this.#roundTrips.get(node);
    if (roundTrip === undefined) {
      roundTrip = newRoundTrip();
      this.#roundTrips.set(node, roundTrip);
    }
    return roundTrip;
  }

  #passOn(route: number, probe: number, service: number): void {
    const { io, options } = this.#context;
    const hop = options.nextHops[destinationOf(route)] ?? -1;
    if (hop >= 0) sendAsk(io, hop, route, probe, service);
  }

  #reply(route: number, probe: number, service: number, passed: boolean): void {
    const { io, options } = this.#context;
    const hop = options.nextHops[originOf(route)] ?? -1;
    if (hop >= 0) sendAnswer(io, hop, route, probe, service, passed);
  }
}
