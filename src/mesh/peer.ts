import { newPath, type Path } from './congestion.ts';
import type { QueueEnds } from './itemQueue.ts';
import type { LinkMemory } from './linkMemory.ts';
import { LinkRecord } from './linkRecord.ts';
import type { SentEnds } from './outstanding.ts';
import { emptyWindow, type SequenceWindow } from './sequenceWindow.ts';

/** Stands for the manifest among the chunk indices a link sends. */
export const MANIFEST_ITEM = -1;

/** Both incarnations a datagram belongs to, the sender's first: what an earlier life of either sent is not mistaken. */
export function sessionOf(senderIncarnation: number, receiverIncarnation: number): number {
  return (senderIncarnation & 0x7fff) * 0x8000 + (receiverIncarnation & 0x7fff);
}

/** What a node knows about one neighbour, and the state of the link to and from it. */
export class Peer extends LinkRecord implements Path, SequenceWindow, SentEnds, QueueEnds {
  readonly index: number;
  readonly slot: number;

  constructor(index: number, slot: number, memory: LinkMemory, at: number) {
    super(memory, at);
    this.index = index;
    this.slot = slot;
    newPath(this);
  }

  /** Content may be sent: both know which incarnation the other is in. */
  get established(): boolean {
    return this.incarnation >= 0 && this.knowsUs;
  }

  /** Reads each line of its record, and returns something of it: see LookAhead of the virtual world. */
  touch(): number {
    return this.incarnation ^ this.nextSequence ^ this.acksOwed;
  }

  isRefused(now: number): boolean {
    return this.refusedForGood || now < this.refusedUntil;
  }

  /** It has restarted: nothing of what is known about it holds any more. Its lists are the caller's to clear. */
  restart(incarnation: number): void {
    this.incarnation = incarnation;
    this.hasManifest = false;
    this.nextSequence = 0;
    emptyWindow(this);
    this.acksOwed = 0;
    this.ackRepeats = 0;
    this.timeouts = 0;
    newPath(this);
  }
}
