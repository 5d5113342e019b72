import { createHash, type Hash } from 'node:crypto';
import { printable, printableLines } from '../base/visibleText.ts';
import type { MeshEvent, MeshEventBody } from '../model/events.ts';
import type { Redactor } from '../vault/redactor.ts';
import { leafHash, MerkleAccumulator } from '../signing/merkle.ts';

export interface RunRecorderOptions {
  readonly simId: string;
  /** What agents masked is masked once more: nothing they say is taken as it is. */
  readonly redactor?: Redactor;
  /** `line` is the event's line in events.jsonl, without the newline that ends it. */
  readonly sink: (event: MeshEvent, line: string) => void;
}

export interface EventsSeal {
  readonly count: number;
  /** SHA-256 of events.jsonl. */
  readonly digest: string;
  /** RFC 6962 root over its lines, each without its newline. */
  readonly merkleRoot: string;
}

/** Stamps the events of one run, in order, and keeps their digest and Merkle root. */
export class RunRecorder {
  readonly #simId: string;
  readonly #redactor: Redactor | undefined;
  readonly #sink: (event: MeshEvent, line: string) => void;
  readonly #digest: Hash = createHash('sha256');
  readonly #merkle = new MerkleAccumulator();
  #seq = 0;
  #lastAt = 0;

  constructor(options: RunRecorderOptions) {
    this.#simId = options.simId;
    this.#redactor = options.redactor;
    this.#sink = options.sink;
  }

  /** `at` is in ms since the run began; an event is never stamped earlier than the one before it. */
  emit(at: number, body: MeshEventBody): MeshEvent {
    this.#lastAt = Math.max(this.#lastAt, Math.round(at * 1000) / 1000);
    const shown = legible(this.#redactor?.message(body) ?? body);
    const event = { seq: this.#seq, at: this.#lastAt, simId: this.#simId, ...shown };
    this.#seq += 1;
    const text = JSON.stringify(event);
    this.#digest.update(text).update('\n');
    this.#merkle.add(leafHash(Buffer.from(text)));
    this.#sink(event, text);
    return event;
  }

  /** To be called once, after the last event. */
  seal(): EventsSeal {
    return {
      count: this.#seq,
      digest: this.#digest.digest('hex'),
      merkleRoot: Buffer.from(this.#merkle.root()).toString('hex'),
    };
  }
}

/** Lines of services, words of agents and names of hosts steer nothing, wherever they will be shown. */
function legible<T extends object>(body: T): T {
  let seen = body;
  for (const [field, value] of Object.entries(body)) {
    if (typeof value !== 'string') continue;
    const text = field === 'text' ? printableLines(value) : printable(value);
    if (text !== value) seen = { ...seen, [field]: text };
  }
  return seen;
}
