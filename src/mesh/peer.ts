import { Outstanding } from './outstanding.ts';
import { RoundTrip } from './roundTrip.ts';
import { SequenceWindow } from './sequenceWindow.ts';

/** Stands for the manifest among the chunk indices a link sends. */
export const MANIFEST_ITEM = -1;

/** Both incarnations a datagram belongs to, the sender's first: what an earlier life of either sent is not mistaken. */
export function sessionOf(senderIncarnation: number, receiverIncarnation: number): number {
  return (senderIncarnation & 0x7fff) * 0x8000 + (receiverIncarnation & 0x7fff);
}

/** What a node knows about one neighbour, and the state of the link to and from it. */
export class Peer {
  readonly index: number;
  readonly slot: number;
  /** -1: never heard of. */
  incarnation = -1;
  /** It has told us that it knows our incarnation. */
  knowsUs = false;
  hasManifest = false;
  /** It relayed an altered manifest: its content is never looked at again. */
  refusedForGood = false;
  /** Its content is not looked at before this time: too many bad chunks in a row. */
  refusedUntil = 0;
  probations = 0;
  badChunks = 0;

  helloAttempts = 0;
  /** When the latest attempt was made, and the one before, ms. Answers to older ones measure nothing. */
  helloAskedAt = -1;
  helloAskedBefore = -1;
  helloDueAt = 0;

  readonly roundTrip = new RoundTrip();
  nextSequence = 0;
  readonly outstanding = new Outstanding();
  readonly queue: number[] = [];
  /** When the timer that counts rings, ms; others are stale. */
  retransmitDueAt = Infinity;

  readonly received = new SequenceWindow();
  acksOwed = 0;
  ackTimer = false;
  ackRepeats = 0;
  /** The next acknowledgement carries the chunks held: this peer sent what we had. */
  tellHeld = false;

  constructor(index: number, slot: number) {
    this.index = index;
    this.slot = slot;
  }

  /** Content may be sent: both know which incarnation the other is in. */
  get established(): boolean {
    return this.incarnation >= 0 && this.knowsUs;
  }

  isRefused(now: number): boolean {
    return this.refusedForGood || now < this.refusedUntil;
  }

  /** It has restarted: nothing of the link's state holds any more. */
  restart(incarnation: number): void {
    this.incarnation = incarnation;
    this.hasManifest = false;
    this.nextSequence = 0;
    this.outstanding.clear();
    this.queue.length = 0;
    this.received.reset();
    this.acksOwed = 0;
    this.ackRepeats = 0;
    this.roundTrip.timeouts = 0;
  }
}
