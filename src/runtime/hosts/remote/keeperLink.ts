import type * as z from 'zod/mini';
import { MeshSimError, type ErrorCode } from '../../../base/errors.ts';
import {
  keeperMessageSchema,
  type HostClaims,
  type KeeperAsk,
  type KeeperMessage,
  type KeeperOrder,
} from '../../../wire/keeper.ts';
import type { HostClock, PipesMessage } from '../pipes/control.ts';
import type { PipesProcess } from './pipesProcess.ts';

type Answer = Extract<KeeperMessage, { type: 'answer' }>;
type OfAgent = Extract<KeeperMessage, { type: 'words' | 'closed' | 'unable' }>;
type Forwarded = Extract<PipesMessage, { type: 'forwarded' }>;
type Lines = Extract<PipesMessage, { type: 'lines' | 'lines-ended' }>;

/** Codes that a keeper may give a failure; any other is one of the host. */
const KNOWN_CODES: readonly ErrorCode[] = [
  'disk-failed',
  'machine-exhausted',
  'port-unavailable',
  'object-corrupt',
];

/** What a keeper is asked takes it seconds, also on a busy host. */
const ASK_LIMIT_MS = 60_000;

export interface KeeperLinkOptions {
  readonly pipes: PipesProcess;
  readonly node: number;
  /** The host's name, for sentences. */
  readonly host: string;
  /** Of one life of the node. */
  readonly onAgent: (news: OfAgent | Lines) => void;
  /** Nothing was heard for a while. */
  readonly onSilent: (ms: number) => void;
  /** The pipe is no more: how its program ended, and what that said last. */
  readonly onGone: (end: Extract<PipesMessage, { type: 'gone' }>) => void;
}

/** What the orchestrator and one keeper say to each other. All that comes is from another host, and checked. */
export class KeeperLink {
  readonly #options: KeeperLinkOptions;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  readonly #forwarded = new Map<number, (message: Forwarded) => void>();
  readonly #stored = new Map<string, (problem: string | undefined) => void>();
  #nextId = 0;
  #onMeasured: (mbps: number | undefined) => void = () => undefined;
  #setGreeted: (claims: HostClaims) => void = () => undefined;
  #setClock: () => void = () => undefined;
  #fail: (error: MeshSimError) => void = () => undefined;
  readonly #failed: Promise<never>;
  /** What the host said of itself first. */
  readonly greeted: Promise<HostClaims>;
  /** Its clock is known. */
  readonly timed: Promise<void>;
  /** By the newest pings. */
  clock: HostClock | undefined;
  /** What the program of the pipe had said on its stderr when the keeper was there. */
  words = '';
  /** The clock is known better than before. */
  onClock: () => void = () => undefined;
  #setGone: () => void = () => undefined;
  /** Resolves when the program of the pipe has ended. */
  readonly gone = new Promise<void>((resolve) => {
    this.#setGone = resolve;
  });

  constructor(options: KeeperLinkOptions) {
    this.#options = options;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => undefined);
    this.greeted = this.#orFailed(
      new Promise<HostClaims>((resolve) => {
        this.#setGreeted = resolve;
      }),
    );
    this.timed = this.#orFailed(
      new Promise<void>((resolve) => {
        this.#setClock = resolve;
      }),
    );
    options.pipes.listen(options.node, (message) => this.#hear(message));
  }

  order(order: KeeperOrder): void {
    this.#options.pipes.send({ type: 'tell', node: this.#options.node, command: order });
  }

  /**
   * @param schema of the answer
   * @throws MeshSimError with the keeper's reason, `host-failed` when it is gone or answers something else
   */
  async ask<T>(ask: KeeperAsk, schema: z.ZodMiniType<T>): Promise<T> {
    const id = (this.#nextId += 1);
    const answered = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    const { pipes, node, host } = this.#options;
    pipes.send({ type: 'tell', node, command: { ...ask, id } });
    const limit = setTimeout(() => {
      this.giveUp(new MeshSimError('host-failed', `${host} does not answer any more.`));
    }, ASK_LIMIT_MS);
    const { value, problem } = await this.#orFailed(answered).finally(() => clearTimeout(limit));
    if (problem === undefined) {
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      throw new MeshSimError('host-failed', `${host} did not answer as a keeper does.`);
    }
    const code = KNOWN_CODES.find((known) => known === problem.code) ?? 'host-failed';
    throw new MeshSimError(code, `On ${host}: ${problem.sentence}`);
  }

  /** Resolves when the file has arrived there whole. @throws MeshSimError `host-failed` */
  async upload(digest: string, file: string): Promise<void> {
    const { pipes, node, host } = this.#options;
    const stored = new Promise<string | undefined>((resolve) => this.#stored.set(digest, resolve));
    pipes.send({ type: 'upload', node, digest, file });
    const problem = await this.#orFailed(stored);
    if (problem !== undefined) throw new MeshSimError('host-failed', `On ${host}: ${problem}.`);
  }

  /**
   * Resolves to the port of this machine that leads to a loopback port there.
   * @param at 0: any that is free
   * @throws Error that says why there is none, one clause
   */
  async forward(there: number, at: number): Promise<number> {
    const { pipes, node } = this.#options;
    const id = (this.#nextId += 1);
    const told = new Promise<Forwarded>((resolve) => this.#forwarded.set(id, resolve));
    pipes.send({ type: 'forward', node, id, there, at });
    const { port, problem = 'it was not told why' } = await this.#orFailed(told);
    if (port === undefined) throw new Error(problem);
    return port;
  }

  /** Resolves to what the path carries each way, both at once, in Mbit/s; undefined: it could not be measured. */
  async measurePath(): Promise<number | undefined> {
    const { pipes, node } = this.#options;
    const told = new Promise<number | undefined>((resolve) => {
      this.#onMeasured = resolve;
    });
    pipes.send({ type: 'measure', node });
    return this.#orFailed(told);
  }

  say(life: number, line: string): void {
    this.#options.pipes.send({ type: 'say', node: this.#options.node, life, line });
  }

  close(): void {
    this.#options.pipes.send({ type: 'close', node: this.#options.node });
  }

  /** Whoever waits for the host waits no more. */
  giveUp(error: MeshSimError): void {
    this.#fail(error);
  }

  #orFailed<T>(what: Promise<T>): Promise<T> {
    const either = Promise.race([what, this.#failed]);
    either.catch(() => undefined);
    return either;
  }

  #hear(message: PipesMessage): void {
    const { onAgent, onSilent, onGone } = this.#options;
    if (message.type === 'said') this.#said(message.message);
    else if (message.type === 'clock') {
      const isNews = message.clock.rttMinMs !== this.clock?.rttMinMs;
      this.clock = message.clock;
      this.#setClock();
      if (isNews) this.onClock();
    } else if (message.type === 'forwarded') {
      this.#forwarded.get(message.id)?.(message);
      this.#forwarded.delete(message.id);
    } else if (message.type === 'measured') this.#onMeasured(message.mbps);
    else if (message.type === 'words') this.words = message.words;
    else if (message.type === 'silent') onSilent(message.ms);
    else if (message.type === 'gone') {
      this.#setGone();
      onGone(message);
    } else onAgent(message);
  }

  #said(said: unknown): void {
    const parsed = keeperMessageSchema.safeParse(said);
    if (!parsed.success) {
      // What another host says is not quoted.
      const text = `${this.#options.host} said something that no keeper says: nothing more is taken from it.`;
      this.giveUp(new MeshSimError('host-failed', text));
      this.close();
      return;
    }
    const message = parsed.data;
    if (message.type === 'hello') {
      this.order({ order: 'welcome' });
      this.#setGreeted(message.claims);
    } else if (message.type === 'answer') {
      this.#answers.get(message.id)?.(message);
      this.#answers.delete(message.id);
    } else if (message.type === 'stored') {
      this.#stored.get(message.digest)?.(message.problem);
      this.#stored.delete(message.digest);
    } else if (message.type !== 'pong') this.#options.onAgent(message);
  }
}
