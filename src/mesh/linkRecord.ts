import { NONE } from './itemPool.ts';
import { type LinkMemory, RECORD_BYTES } from './linkMemory.ts';
import { PathRecord } from './pathRecord.ts';

/** Fields of 64 bits, then those of 32, then bytes, beside those of PathRecord; positions count in units of their own size. */
const WIDE = RECORD_BYTES / 8;
const RETRANSMIT_DUE_AT = 0;
const HELLO_ASKED_AT = 1;
const HELLO_ASKED_BEFORE = 2;
const HELLO_DUE_AT = 3;
const REFUSED_UNTIL = 4;

const NARROW = RECORD_BYTES / 4;
const NEAR = 18;
const FAR = 19;
const NEXT_SEQUENCE = 20;
const SENT_FIRST = 21;
const SENT_LAST = 22;
const QUEUE_FIRST = 23;
const QUEUE_LAST = 24;
const QUEUE_LENGTH = 25;
const HIGHEST = 26;
const INCARNATION = 27;
const HELLO_ATTEMPTS = 28;

const ACKS_OWED = 120;
const ACK_REPEATS = 121;
const BAD_CHUNKS = 122;
const PROBATIONS = 123;
const TIMEOUTS = 125;

/** Bits of the flags. */
const KNOWS_US = 1;
const HAS_MANIFEST = 2;
const REFUSED_FOR_GOOD = 4;
const ACK_TIMER = 8;
const TELL_HELD = 16;

/** What a node remembers of the link to one neighbour, as numbers in memory that many links share. */
export class LinkRecord extends PathRecord {
  constructor(memory: LinkMemory, at: number) {
    super(memory, at);
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

  /** When the timer that counts rings, ms; others are stale. */
  get retransmitDueAt(): number {
    return this.memory.wide[this.at * WIDE + RETRANSMIT_DUE_AT] ?? 0;
  }
  set retransmitDueAt(value: number) {
    this.memory.wide[this.at * WIDE + RETRANSMIT_DUE_AT] = value;
  }

  /** Highest sequence number that arrived; -1: none. */
  get highest(): number {
    return this.memory.narrow[this.at * NARROW + HIGHEST] ?? 0;
  }
  set highest(value: number) {
    this.memory.narrow[this.at * NARROW + HIGHEST] = value;
  }

  /** -1: never heard of. */
  get incarnation(): number {
    return this.memory.narrow[this.at * NARROW + INCARNATION] ?? 0;
  }
  set incarnation(value: number) {
    this.memory.narrow[this.at * NARROW + INCARNATION] = value;
  }

  /** When it was greeted last, and the time before, ms. Answers to older greetings measure nothing. */
  get helloAskedAt(): number {
    return this.memory.wide[this.at * WIDE + HELLO_ASKED_AT] ?? 0;
  }
  set helloAskedAt(value: number) {
    this.memory.wide[this.at * WIDE + HELLO_ASKED_AT] = value;
  }

  get helloAskedBefore(): number {
    return this.memory.wide[this.at * WIDE + HELLO_ASKED_BEFORE] ?? 0;
  }
  set helloAskedBefore(value: number) {
    this.memory.wide[this.at * WIDE + HELLO_ASKED_BEFORE] = value;
  }

  get helloDueAt(): number {
    return this.memory.wide[this.at * WIDE + HELLO_DUE_AT] ?? 0;
  }
  set helloDueAt(value: number) {
    this.memory.wide[this.at * WIDE + HELLO_DUE_AT] = value;
  }

  /** Its content is not looked at before this time: too many bad chunks in a row. */
  get refusedUntil(): number {
    return this.memory.wide[this.at * WIDE + REFUSED_UNTIL] ?? 0;
  }
  set refusedUntil(value: number) {
    this.memory.wide[this.at * WIDE + REFUSED_UNTIL] = value;
  }

  /** Which of the 64 sequence numbers before the highest arrived. */
  get near(): number {
    return this.memory.narrow[this.at * NARROW + NEAR] ?? 0;
  }
  set near(value: number) {
    this.memory.narrow[this.at * NARROW + NEAR] = value;
  }

  get far(): number {
    return this.memory.narrow[this.at * NARROW + FAR] ?? 0;
  }
  set far(value: number) {
    this.memory.narrow[this.at * NARROW + FAR] = value;
  }

  get nextSequence(): number {
    return this.memory.narrow[this.at * NARROW + NEXT_SEQUENCE] ?? 0;
  }
  set nextSequence(value: number) {
    this.memory.narrow[this.at * NARROW + NEXT_SEQUENCE] = value;
  }

  /** In a row, without any acknowledgement between them. */
  get timeouts(): number {
    return this.memory.bytes[this.at * RECORD_BYTES + TIMEOUTS] ?? 0;
  }
  set timeouts(value: number) {
    this.memory.bytes[this.at * RECORD_BYTES + TIMEOUTS] = value;
  }

  get sentFirst(): number {
    return this.memory.narrow[this.at * NARROW + SENT_FIRST] ?? 0;
  }
  set sentFirst(value: number) {
    this.memory.narrow[this.at * NARROW + SENT_FIRST] = value;
  }

  get sentLast(): number {
    return this.memory.narrow[this.at * NARROW + SENT_LAST] ?? 0;
  }
  set sentLast(value: number) {
    this.memory.narrow[this.at * NARROW + SENT_LAST] = value;
  }

  get queueFirst(): number {
    return this.memory.narrow[this.at * NARROW + QUEUE_FIRST] ?? 0;
  }
  set queueFirst(value: number) {
    this.memory.narrow[this.at * NARROW + QUEUE_FIRST] = value;
  }

  get queueLast(): number {
    return this.memory.narrow[this.at * NARROW + QUEUE_LAST] ?? 0;
  }
  set queueLast(value: number) {
    this.memory.narrow[this.at * NARROW + QUEUE_LAST] = value;
  }

  get queueLength(): number {
    return this.memory.narrow[this.at * NARROW + QUEUE_LENGTH] ?? 0;
  }
  set queueLength(value: number) {
    this.memory.narrow[this.at * NARROW + QUEUE_LENGTH] = value;
  }

  get helloAttempts(): number {
    return this.memory.narrow[this.at * NARROW + HELLO_ATTEMPTS] ?? 0;
  }
  set helloAttempts(value: number) {
    this.memory.narrow[this.at * NARROW + HELLO_ATTEMPTS] = value;
  }

  get probations(): number {
    return this.memory.bytes[this.at * RECORD_BYTES + PROBATIONS] ?? 0;
  }
  set probations(value: number) {
    this.memory.bytes[this.at * RECORD_BYTES + PROBATIONS] = value;
  }

  get acksOwed(): number {
    return this.memory.bytes[this.at * RECORD_BYTES + ACKS_OWED] ?? 0;
  }
  set acksOwed(value: number) {
    this.memory.bytes[this.at * RECORD_BYTES + ACKS_OWED] = value;
  }

  get ackRepeats(): number {
    return this.memory.bytes[this.at * RECORD_BYTES + ACK_REPEATS] ?? 0;
  }
  set ackRepeats(value: number) {
    this.memory.bytes[this.at * RECORD_BYTES + ACK_REPEATS] = value;
  }

  /** In a row. */
  get badChunks(): number {
    return this.memory.bytes[this.at * RECORD_BYTES + BAD_CHUNKS] ?? 0;
  }
  set badChunks(value: number) {
    this.memory.bytes[this.at * RECORD_BYTES + BAD_CHUNKS] = value;
  }

  /** It has told us that it knows our incarnation. */
  get knowsUs(): boolean {
    return this.hasFlag(KNOWS_US);
  }
  set knowsUs(value: boolean) {
    this.setFlag(KNOWS_US, value);
  }

  get hasManifest(): boolean {
    return this.hasFlag(HAS_MANIFEST);
  }
  set hasManifest(value: boolean) {
    this.setFlag(HAS_MANIFEST, value);
  }

  /** It relayed an altered manifest: its content is never looked at again. */
  get refusedForGood(): boolean {
    return this.hasFlag(REFUSED_FOR_GOOD);
  }
  set refusedForGood(value: boolean) {
    this.setFlag(REFUSED_FOR_GOOD, value);
  }

  /** The timer for its acknowledgements is set. */
  get ackTimer(): boolean {
    return this.hasFlag(ACK_TIMER);
  }
  set ackTimer(value: boolean) {
    this.setFlag(ACK_TIMER, value);
  }

  /** The next acknowledgement carries the chunks held: this peer sent what we had. */
  get tellHeld(): boolean {
    return this.hasFlag(TELL_HELD);
  }
  set tellHeld(value: boolean) {
    this.setFlag(TELL_HELD, value);
  }
}
