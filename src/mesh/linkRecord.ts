import { NONE } from './itemPool.ts';
import { type LinkMemory, RECORD_BYTES } from './linkMemory.ts';

/** Fields of 64 bits, then those of 32, then bytes; positions count in units of their own size. */
const WIDE = RECORD_BYTES / 8;
const SMOOTHED = 0;
const VARIATION = 1;
const RETRANSMIT_DUE_AT = 2;
const HIGHEST = 3;
const INCARNATION = 4;
const HELLO_ASKED_AT = 5;
const HELLO_ASKED_BEFORE = 6;
const HELLO_DUE_AT = 7;
const REFUSED_UNTIL = 8;

const NARROW = RECORD_BYTES / 4;
const NEAR = 18;
const FAR = 19;
const NEXT_SEQUENCE = 20;
const TIMEOUTS = 21;
const SENT_FIRST = 22;
const SENT_LAST = 23;
const QUEUE_FIRST = 24;
const QUEUE_LAST = 25;
const QUEUE_LENGTH = 26;
const HELLO_ATTEMPTS = 27;
const PROBATIONS = 28;

const ACKS_OWED = 120;
const ACK_REPEATS = 121;
const BAD_CHUNKS = 122;
const KNOWS_US = 123;
const HAS_MANIFEST = 124;
const REFUSED_FOR_GOOD = 125;
const ACK_TIMER = 126;
const TELL_HELD = 127;

/** What a node remembers of the link to one neighbour, as numbers in memory that many links share. */
export class LinkRecord {
  readonly #memory: LinkMemory;
  readonly #at: number;

  /** @param at the record's number, allotted to nobody else */
  constructor(memory: LinkMemory, at: number) {
    this.#memory = memory;
    this.#at = at;
    this.smoothed = -1;
    this.retransmitDueAt = Infinity;
    this.highest = -1;
    this.incarnation = -1;
    this.helloAskedAt = -1;
    this.helloAskedBefore = -1;
    this.sentFirst = NONE;
    this.sentLast = NONE;
    this.queueFirst = NONE;
    this.queueLast = NONE;
  }

  /** Round-trip time, ms; -1: none has been measured. */
  get smoothed(): number {
    return this.#memory.wide[this.#at * WIDE + SMOOTHED] ?? 0;
  }
  set smoothed(value: number) {
    this.#memory.wide[this.#at * WIDE + SMOOTHED] = value;
  }

  get variation(): number {
    return this.#memory.wide[this.#at * WIDE + VARIATION] ?? 0;
  }
  set variation(value: number) {
    this.#memory.wide[this.#at * WIDE + VARIATION] = value;
  }

  /** When the timer that counts rings, ms; others are stale. */
  get retransmitDueAt(): number {
    return this.#memory.wide[this.#at * WIDE + RETRANSMIT_DUE_AT] ?? 0;
  }
  set retransmitDueAt(value: number) {
    this.#memory.wide[this.#at * WIDE + RETRANSMIT_DUE_AT] = value;
  }

  /** Highest sequence number that arrived; -1: none. */
  get highest(): number {
    return this.#memory.wide[this.#at * WIDE + HIGHEST] ?? 0;
  }
  set highest(value: number) {
    this.#memory.wide[this.#at * WIDE + HIGHEST] = value;
  }

  /** -1: never heard of. */
  get incarnation(): number {
    return this.#memory.wide[this.#at * WIDE + INCARNATION] ?? 0;
  }
  set incarnation(value: number) {
    this.#memory.wide[this.#at * WIDE + INCARNATION] = value;
  }

  /** When it was greeted last, and the time before, ms. Answers to older greetings measure nothing. */
  get helloAskedAt(): number {
    return this.#memory.wide[this.#at * WIDE + HELLO_ASKED_AT] ?? 0;
  }
  set helloAskedAt(value: number) {
    this.#memory.wide[this.#at * WIDE + HELLO_ASKED_AT] = value;
  }

  get helloAskedBefore(): number {
    return this.#memory.wide[this.#at * WIDE + HELLO_ASKED_BEFORE] ?? 0;
  }
  set helloAskedBefore(value: number) {
    this.#memory.wide[this.#at * WIDE + HELLO_ASKED_BEFORE] = value;
  }

  get helloDueAt(): number {
    return this.#memory.wide[this.#at * WIDE + HELLO_DUE_AT] ?? 0;
  }
  set helloDueAt(value: number) {
    this.#memory.wide[this.#at * WIDE + HELLO_DUE_AT] = value;
  }

  /** Its content is not looked at before this time: too many bad chunks in a row. */
  get refusedUntil(): number {
    return this.#memory.wide[this.#at * WIDE + REFUSED_UNTIL] ?? 0;
  }
  set refusedUntil(value: number) {
    this.#memory.wide[this.#at * WIDE + REFUSED_UNTIL] = value;
  }

  /** Which of the 64 sequence numbers before the highest arrived. */
  get near(): number {
    return this.#memory.narrow[this.#at * NARROW + NEAR] ?? 0;
  }
  set near(value: number) {
    this.#memory.narrow[this.#at * NARROW + NEAR] = value;
  }

  get far(): number {
    return this.#memory.narrow[this.#at * NARROW + FAR] ?? 0;
  }
  set far(value: number) {
    this.#memory.narrow[this.#at * NARROW + FAR] = value;
  }

  get nextSequence(): number {
    return this.#memory.narrow[this.#at * NARROW + NEXT_SEQUENCE] ?? 0;
  }
  set nextSequence(value: number) {
    this.#memory.narrow[this.#at * NARROW + NEXT_SEQUENCE] = value;
  }

  /** In a row, without any acknowledgement between them. */
  get timeouts(): number {
    return this.#memory.narrow[this.#at * NARROW + TIMEOUTS] ?? 0;
  }
  set timeouts(value: number) {
    this.#memory.narrow[this.#at * NARROW + TIMEOUTS] = value;
  }

  get sentFirst(): number {
    return this.#memory.narrow[this.#at * NARROW + SENT_FIRST] ?? 0;
  }
  set sentFirst(value: number) {
    this.#memory.narrow[this.#at * NARROW + SENT_FIRST] = value;
  }

  get sentLast(): number {
    return this.#memory.narrow[this.#at * NARROW + SENT_LAST] ?? 0;
  }
  set sentLast(value: number) {
    this.#memory.narrow[this.#at * NARROW + SENT_LAST] = value;
  }

  get queueFirst(): number {
    return this.#memory.narrow[this.#at * NARROW + QUEUE_FIRST] ?? 0;
  }
  set queueFirst(value: number) {
    this.#memory.narrow[this.#at * NARROW + QUEUE_FIRST] = value;
  }

  get queueLast(): number {
    return this.#memory.narrow[this.#at * NARROW + QUEUE_LAST] ?? 0;
  }
  set queueLast(value: number) {
    this.#memory.narrow[this.#at * NARROW + QUEUE_LAST] = value;
  }

  get queueLength(): number {
    return this.#memory.narrow[this.#at * NARROW + QUEUE_LENGTH] ?? 0;
  }
  set queueLength(value: number) {
    this.#memory.narrow[this.#at * NARROW + QUEUE_LENGTH] = value;
  }

  get helloAttempts(): number {
    return this.#memory.narrow[this.#at * NARROW + HELLO_ATTEMPTS] ?? 0;
  }
  set helloAttempts(value: number) {
    this.#memory.narrow[this.#at * NARROW + HELLO_ATTEMPTS] = value;
  }

  get probations(): number {
    return this.#memory.narrow[this.#at * NARROW + PROBATIONS] ?? 0;
  }
  set probations(value: number) {
    this.#memory.narrow[this.#at * NARROW + PROBATIONS] = value;
  }

  get acksOwed(): number {
    return this.#memory.bytes[this.#at * RECORD_BYTES + ACKS_OWED] ?? 0;
  }
  set acksOwed(value: number) {
    this.#memory.bytes[this.#at * RECORD_BYTES + ACKS_OWED] = value;
  }

  get ackRepeats(): number {
    return this.#memory.bytes[this.#at * RECORD_BYTES + ACK_REPEATS] ?? 0;
  }
  set ackRepeats(value: number) {
    this.#memory.bytes[this.#at * RECORD_BYTES + ACK_REPEATS] = value;
  }

  /** In a row. */
  get badChunks(): number {
    return this.#memory.bytes[this.#at * RECORD_BYTES + BAD_CHUNKS] ?? 0;
  }
  set badChunks(value: number) {
    this.#memory.bytes[this.#at * RECORD_BYTES + BAD_CHUNKS] = value;
  }

  /** It has told us that it knows our incarnation. */
  get knowsUs(): boolean {
    return this.#memory.bytes[this.#at * RECORD_BYTES + KNOWS_US] === 1;
  }
  set knowsUs(value: boolean) {
    this.#memory.bytes[this.#at * RECORD_BYTES + KNOWS_US] = value ? 1 : 0;
  }

  get hasManifest(): boolean {
    return this.#memory.bytes[this.#at * RECORD_BYTES + HAS_MANIFEST] === 1;
  }
  set hasManifest(value: boolean) {
    this.#memory.bytes[this.#at * RECORD_BYTES + HAS_MANIFEST] = value ? 1 : 0;
  }

  /** It relayed an altered manifest: its content is never looked at again. */
  get refusedForGood(): boolean {
    return this.#memory.bytes[this.#at * RECORD_BYTES + REFUSED_FOR_GOOD] === 1;
  }
  set refusedForGood(value: boolean) {
    this.#memory.bytes[this.#at * RECORD_BYTES + REFUSED_FOR_GOOD] = value ? 1 : 0;
  }

  /** The timer for its acknowledgements is set. */
  get ackTimer(): boolean {
    return this.#memory.bytes[this.#at * RECORD_BYTES + ACK_TIMER] === 1;
  }
  set ackTimer(value: boolean) {
    this.#memory.bytes[this.#at * RECORD_BYTES + ACK_TIMER] = value ? 1 : 0;
  }

  /** The next acknowledgement carries the chunks held: this peer sent what we had. */
  get tellHeld(): boolean {
    return this.#memory.bytes[this.#at * RECORD_BYTES + TELL_HELD] === 1;
  }
  set tellHeld(value: boolean) {
    this.#memory.bytes[this.#at * RECORD_BYTES + TELL_HELD] = value ? 1 : 0;
  }
}
