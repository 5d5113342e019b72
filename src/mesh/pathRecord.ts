import { type LinkMemory, RECORD_BYTES } from './linkMemory.ts';

/**
 * A record holds numbers of 64 bits, then single ones, then whole ones of 32 bits, then bytes; positions count in units of
 * their own size. Here those of the path; the others are of LinkRecord.
 */
const WIDE = RECORD_BYTES / 8;
const ROUND_STARTED_AT = 5;

const SINGLE = RECORD_BYTES / 4;
const SMOOTHED = 12;
const VARIATION = 13;
const LEAST_TRIP = 14;
const DELIVERY_RATE = 15;
const WINDOW = 16;

const NARROW = RECORD_BYTES / 4;
const ROUND_ENDS = 17;

const IN_FLIGHT = 116;
const ROUND_DELIVERED = 117;
const ROUND_LOST = 118;
const EARLY_CREDIT = 119;
const FLAGS = 124;
const PATIENT_ROUNDS = 127;
/** A bit of the flags; those of LinkRecord are below. */
const WINDOW_LIMITED = 0x80;

/** What a node has measured of the path to one neighbour, and what it lets be on its way there. */
export class PathRecord {
  protected readonly memory: LinkMemory;
  protected readonly at: number;

  /** @param at the record's number, allotted to nobody else */
  constructor(memory: LinkMemory, at: number) {
    this.memory = memory;
    this.at = at;
    this.smoothed = -1;
  }

  /** Round-trip time, ms; -1: none has been measured. */
  get smoothed(): number {
    return this.memory.single[this.at * SINGLE + SMOOTHED] ?? 0;
  }
  set smoothed(value: number) {
    this.memory.single[this.at * SINGLE + SMOOTHED] = value;
  }

  get variation(): number {
    return this.memory.single[this.at * SINGLE + VARIATION] ?? 0;
  }
  set variation(value: number) {
    this.memory.single[this.at * SINGLE + VARIATION] = value;
  }

  /** The smoothed round-trip time at its lowest, ms: that of the path without a queue; 0: not known. */
  get leastTrip(): number {
    return this.memory.single[this.at * SINGLE + LEAST_TRIP] ?? 0;
  }
  set leastTrip(value: number) {
    this.memory.single[this.at * SINGLE + LEAST_TRIP] = value;
  }

  /** Transmissions that the path delivers, per ms; 0: not known. */
  get deliveryRate(): number {
    return this.memory.single[this.at * SINGLE + DELIVERY_RATE] ?? 0;
  }
  set deliveryRate(value: number) {
    this.memory.single[this.at * SINGLE + DELIVERY_RATE] = value;
  }

  /** Transmissions that may be on their way; 0: nothing was sent yet. */
  get window(): number {
    return this.memory.single[this.at * SINGLE + WINDOW] ?? 0;
  }
  set window(value: number) {
    this.memory.single[this.at * SINGLE + WINDOW] = value;
  }

  /** A round lasts until something that was sent in it is acknowledged. When it began, ms. */
  get roundStartedAt(): number {
    return this.memory.wide[this.at * WIDE + ROUND_STARTED_AT] ?? 0;
  }
  set roundStartedAt(value: number) {
    this.memory.wide[this.at * WIDE + ROUND_STARTED_AT] = value;
  }

  /** The first sequence number that was sent in this round; 0: there was no round. */
  get roundEnds(): number {
    return this.memory.narrow[this.at * NARROW + ROUND_ENDS] ?? 0;
  }
  set roundEnds(value: number) {
    this.memory.narrow[this.at * NARROW + ROUND_ENDS] = value;
  }

  /** Transmissions neither acknowledged nor taken for lost. */
  get inFlight(): number {
    return this.memory.bytes[this.at * RECORD_BYTES + IN_FLIGHT] ?? 0;
  }
  set inFlight(value: number) {
    this.memory.bytes[this.at * RECORD_BYTES + IN_FLIGHT] = value;
  }

  /** Transmissions acknowledged in this round. */
  get roundDelivered(): number {
    return this.memory.bytes[this.at * RECORD_BYTES + ROUND_DELIVERED] ?? 0;
  }
  set roundDelivered(value: number) {
    this.memory.bytes[this.at * RECORD_BYTES + ROUND_DELIVERED] = value;
  }

  /** Transmissions taken for lost in this round. */
  get roundLost(): number {
    return this.memory.bytes[this.at * RECORD_BYTES + ROUND_LOST] ?? 0;
  }
  set roundLost(value: number) {
    this.memory.bytes[this.at * RECORD_BYTES + ROUND_LOST] = value;
  }

  /** What early repetitions may still cost: see congestion.ts. */
  get earlyCredit(): number {
    return this.memory.bytes[this.at * RECORD_BYTES + EARLY_CREDIT] ?? 0;
  }
  set earlyCredit(value: number) {
    this.memory.bytes[this.at * RECORD_BYTES + EARLY_CREDIT] = value;
  }

  /** In a row, with the least window, in which trips still took long. */
  get patientRounds(): number {
    return this.memory.bytes[this.at * RECORD_BYTES + PATIENT_ROUNDS] ?? 0;
  }
  set patientRounds(value: number) {
    this.memory.bytes[this.at * RECORD_BYTES + PATIENT_ROUNDS] = value;
  }

  /** In this round something had to wait for the window. */
  get windowLimited(): boolean {
    return this.hasFlag(WINDOW_LIMITED);
  }
  set windowLimited(value: boolean) {
    this.setFlag(WINDOW_LIMITED, value);
  }

  protected hasFlag(flag: number): boolean {
    return ((this.memory.bytes[this.at * RECORD_BYTES + FLAGS] ?? 0) & flag) !== 0;
  }

  protected setFlag(flag: number, value: boolean): void {
    const { bytes } = this.memory;
    const position = this.at * RECORD_BYTES + FLAGS;
    const flags = bytes[position] ?? 0;
    bytes[position] = value ? flags | flag : flags & ~flag;
  }
}
