import {
  HEADER_BYTES as MODEL_HEADER_BYTES,
  MESSAGE,
  type EffectKind,
  type FactKind,
  type MessageKind,
} from '../mesh/io.ts';
import { MeshNode } from '../mesh/node.ts';
import type { MeshNodeOptions } from '../mesh/nodeOptions.ts';
import type { NodeContent } from './content.ts';
import type { ManifestCheck } from './manifestCheck.ts';
import type { Pacer } from './pacer.ts';
import { Stash } from './stash.ts';
import { altered, alteredManifest } from './byzantine.ts';
import {
  encodeFrame,
  frameBits,
  framePayload,
  HEADER_BYTES,
  readHeader,
  type FrameHeader,
  type Words,
} from '../wire/frame.ts';

export interface MeshDriverOptions {
  readonly node: MeshNodeOptions;
  readonly content: NodeContent;
  readonly check: ManifestCheck;
  /** Null: links have no rate. */
  readonly pacer: Pacer | null;
  /** ms since the run began. */
  readonly now: () => number;
  readonly transmit: (frame: Buffer) => void;
  readonly onEffect: (kind: EffectKind, a: number, b: number, c: number) => void;
  /** Bytes of a peer were refused; `sentence` says why a manifest was. */
  readonly onRefused: (from: number, digest: string, sentence: string) => void;
}

/** Drives the pure MeshNode with frames, timers and bytes. */
export class MeshDriver {
  readonly node: MeshNode;
  readonly #options: MeshDriverOptions;
  readonly #stash = new Stash();
  readonly #held: Uint8Array;
  readonly #waking = new Set<number>();
  /** Relays altered bytes: what its neighbours have to notice. */
  byzantine = false;

  constructor(options: MeshDriverOptions) {
    this.#options = options;
    const { held, chunkCount } = options.node;
    this.#held = Uint8Array.from(
      { length: chunkCount },
      (_, chunk) => ((held?.[chunk >>> 5] ?? 0) >>> (chunk & 31)) & 1,
    );
    this.node = new MeshNode(options.node, {
      now: options.now,
      send: (to, kind, a, b, c, d, bits) => this.#send(to, kind, a, b, c, d, bits),
      linkIdle: (to) => this.#linkIdle(to),
      leftAt: (to) => Math.max(options.now(), options.pacer?.idleAt(to) ?? 0),
      timer: (key, afterMs) => this.#wakeAt(key, options.now() + afterMs),
      effect: options.onEffect,
    });
  }

  fact(kind: FactKind, a = 0): void {
    this.node.onFact(kind, a);
    this.#replayStash();
  }

  /** A datagram arrived; `frame` is valid only during the call. */
  onFrame(frame: Buffer): void {
    const header = readHeader(frame);
    this.#receive(header, frameBits(frame), framePayload(frame));
    this.#replayStash();
  }

  #receive(header: FrameHeader, bits: Words, payload: Buffer): void {
    if (header.kind === MESSAGE.chunk && !this.node.hasManifest) {
      this.#stash.keep(header, bits, payload);
      return;
    }
    const intact = this.#judge(header, payload);
    const { from, kind, a, b, c, d } = header;
    this.node.onMessage(from, kind as MessageKind, a, b, c, d, bits, intact);
  }

  /** The verdict on the bytes that came along, before the protocol hears of them. */
  #judge({ kind, from, b }: FrameHeader, payload: Buffer): boolean {
    const { content, check, onRefused } = this.#options;
    if (kind === MESSAGE.manifest) {
      const verdict = check.payload(payload);
      if (verdict.intact) content.accept(payload, verdict.capsule);
      else onRefused(from, verdict.digest, verdict.sentence);
      return verdict.intact;
    }
    if (kind !== MESSAGE.chunk) return true;
    const { intact, digest } = content.store(b, payload, this.#held[b] === 1);
    if (intact) this.#held[b] = 1;
    else onRefused(from, digest, '');
    return intact;
  }

  #replayStash(): void {
    if (!this.node.hasManifest || this.#stash.isEmpty) return;
    for (const { header, bits, payload } of this.#stash.takeAll()) {
      this.#receive(header, bits, payload);
    }
  }

  #send(
    to: number,
    kind: MessageKind,
    a: number,
    b: number,
    c: number,
    d: number,
    bits: Words,
  ): void {
    const sentAt = this.#options.now();
    const payload = this.#payloadOf(kind, b);
    const from = this.#options.node.index;
    const frame = encodeFrame({ kind, from, to, a, b, c, d, sentAt }, bits, payload);
    this.#options.pacer?.book(to, frame.length - HEADER_BYTES + MODEL_HEADER_BYTES, sentAt);
    this.#options.transmit(frame);
  }

  #payloadOf(kind: MessageKind, chunk: number): Uint8Array | null {
    const { content } = this.#options;
    if (kind === MESSAGE.manifest && content.payload !== null) {
      return this.byzantine ? alteredManifest(content.payload) : content.payload;
    }
    if (kind !== MESSAGE.chunk) return null;
    const bytes = content.shelf.read(content.digestOf(chunk) ?? '');
    return this.byzantine ? altered(bytes) : bytes;
  }

  #linkIdle(to: number): boolean {
    const { pacer, now } = this.#options;
    if (pacer === null) return true;
    const wait = pacer.idleAt(to) - now();
    if (wait <= 0) return true;
    this.#wakeWhenIdle(to, wait);
    return false;
  }

  /** A timer of the event loop may fire up to a millisecond early: the protocol's never do. */
  #wakeAt(key: number, dueAt: number): void {
    setTimeout(() => {
      if (this.#options.now() < dueAt) this.#wakeAt(key, dueAt);
      else this.node.onTimer(key);
    }, dueAt - this.#options.now());
  }

  #wakeWhenIdle(to: number, wait: number): void {
    if (this.#waking.has(to)) return;
    this.#waking.add(to);
    setTimeout(() => {
      this.#waking.delete(to);
      this.node.onLinkIdle();
    }, wait);
  }
}
