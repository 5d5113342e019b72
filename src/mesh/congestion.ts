import { WIDEST_WINDOW } from './outstanding.ts';
import { baseTimeout, noteRoundTrip, type RoundTrip } from './roundTrip.ts';

/** Before anything is known of a path: more than that lets ten nodes on two cores send faster than the machine carries. */
const FIRST_WINDOW = 6;
/** One under way, and one that arrives meanwhile. */
const LEAST_WINDOW = 2;
/**
 * The window is this many times what the path holds: acknowledgements come late and in twos, and only a path that is
 * offered more shows that it can deliver more.
 */
const GAIN = 2;
/** With a rate the link itself holds a sender back: what is lost but not known to be must not. */
const PACED_SLACK = 8;
const SLACK = 2;
/** What a round delivered less than the best one counts against that. */
const DECAY = 0.9;
/** So much more than planned, and at least so many in a round, and losses are those of a full queue. */
const LOSS_TOLERANCE = 0.2;
const LOSSES_TO_ACT = 3;
const AFTER_LOSSES = 0.75;
const AFTER_TIMEOUT = 0.5;
/** Rounds at the least window: what still takes twice the least trip then is the path, not what we have put into it. */
const PATIENT_ROUNDS = 8;
/**
 * Greetings are small: how long a chunk takes there and back is not known before one has arrived. Until then a path is
 * given this time: one that is slower than planned would be sent everything twice.
 */
const FIRST_CONTENT_TIMEOUT_MS = 1000;
/**
 * Each arrival earns a credit, each early repetition costs some, and one that was needed pays back: what is sent for
 * nothing stays bounded. Where the plan loses packets most are needed.
 */
const EARLY_COST = 8;
const EARLY_COST_WITH_LOSS = 2;
const FIRST_CREDIT = 2 * EARLY_COST;
const MOST_CREDIT = 128;
const MOST_COUNTED = 255;

/**
 * What is known of the path to one neighbour, as in BBR: the least round trip and the most that was delivered say what
 * the path holds; more than twice that is never on its way. So a path that is slower than planned, or that others use too,
 * is sent what it carries and no more. All counts are of transmissions, whatever their sizes.
 */
export interface Path extends RoundTrip {
  leastTrip: number;
  deliveryRate: number;
  window: number;
  roundStartedAt: number;
  roundEnds: number;
  inFlight: number;
  roundDelivered: number;
  roundLost: number;
  windowLimited: boolean;
  patientRounds: number;
  earlyCredit: number;
  timeouts: number;
  readonly nextSequence: number;
}

/** What the plan says of all paths. */
export interface PlannedPath {
  readonly plannedLoss: number;
  readonly paced: boolean;
}

/** Nothing is known but the round trip. What is on its way stays so until its list is cleared. */
export function newPath(path: Path): void {
  path.window = FIRST_WINDOW;
  path.deliveryRate = 0;
  path.roundEnds = 0;
  path.roundDelivered = 0;
  path.roundLost = 0;
  path.windowLimited = false;
  path.patientRounds = 0;
  path.earlyCredit = FIRST_CREDIT;
}

/** Whether one more transmission may be on its way: after timeouts in a row one at a time, until something arrives. */
export function hasRoom(path: Path): boolean {
  return path.inFlight < (path.timeouts > 1 ? 1 : path.window);
}

/** Nothing came back in time. */
export function noteTimeout(path: Path): void {
  path.timeouts += 1;
  path.window = Math.max(path.window * AFTER_TIMEOUT, LEAST_WINDOW);
}

/** A round trip of `ms` was measured. */
export function noteTrip(path: Path, ms: number): void {
  noteRoundTrip(path, ms);
  if (path.leastTrip === 0 || path.smoothed < path.leastTrip) path.leastTrip = path.smoothed;
}

/** `count` transmissions arrived, the newest of those known to have arrived being `highest`. */
export function noteDelivered(
  path: Path,
  count: number,
  highest: number,
  now: number,
  plan: PlannedPath,
): void {
  path.roundDelivered = Math.min(path.roundDelivered + count, MOST_COUNTED);
  const { roundEnds } = path;
  if (roundEnds === 0) beginRound(path, now);
  else if (highest >= roundEnds) {
    endRound(path, now, plan);
    beginRound(path, now);
  }
}

export function noteLost(path: Path, count: number): void {
  path.roundLost = Math.min(path.roundLost + count, MOST_COUNTED);
}

/** The plan lets a transmission leave within `ms`. A path of which nothing else is known yet is taken for what is planned. */
export function notePlanned(path: Path, ms: number): void {
  if (path.deliveryRate > 0 || path.smoothed < 0) return;
  const held = (path.smoothed + path.variation) / Math.max(ms, 1);
  path.window = Math.min(Math.max(path.window, GAIN * held + FIRST_WINDOW), WIDEST_WINDOW);
}

/** `count` items arrived only because they were repeated: those cost nothing. */
export function noteRepeated(path: Path, count: number): void {
  path.earlyCredit = Math.min(path.earlyCredit + count * EARLY_COST, MOST_CREDIT);
}

function beginRound(path: Path, now: number): void {
  path.roundStartedAt = now;
  path.roundEnds = path.nextSequence;
  path.roundDelivered = 0;
  path.roundLost = 0;
  path.windowLimited = false;
}

function endRound(path: Path, now: number, { plannedLoss, paced }: PlannedPath): void {
  const { windowLimited, roundDelivered, leastTrip } = path;
  path.earlyCredit = Math.min(path.earlyCredit + roundDelivered, MOST_CREDIT);
  // Nothing is delivered faster than a trip: what arrives in a shorter round was under way before it.
  const rate = roundDelivered / Math.max(now - path.roundStartedAt, leastTrip, 1);
  const best = path.deliveryRate;
  // What had nothing to send says little about the path.
  path.deliveryRate = Math.max(rate, windowLimited ? best * DECAY : best);
  if (isOverflowing(path, rate, best, plannedLoss)) {
    path.window = Math.max(path.window * AFTER_LOSSES, 1);
    return;
  }
  const window = windowFor(path, paced);
  if (windowLimited || window > path.window) path.window = Math.max(window, LEAST_WINDOW);
  notePatience(path);
}

/** As many transmissions as a path of that delivery rate and least trip is to hold. */
function windowFor(path: Path, paced: boolean): number {
  // The link itself holds a sender back, and nothing waits behind it.
  if (paced && !isQueueing(path)) return WIDEST_WINDOW;
  // Jitter makes the least trip shorter than the usual one.
  const held = path.deliveryRate * (path.leastTrip + path.variation);
  const slack = paced ? PACED_SLACK : SLACK;
  return Math.min(GAIN * held + slack, GAIN * path.window, WIDEST_WINDOW);
}

/** More is lost than planned, and what is on its way has not made the path deliver more. */
function isOverflowing(
  { roundLost, roundDelivered }: Path,
  rate: number,
  best: number,
  plannedLoss: number,
): boolean {
  const lost = roundLost / (roundLost + roundDelivered);
  return roundLost >= LOSSES_TO_ACT && lost > plannedLoss + LOSS_TOLERANCE && rate < best * 1.25;
}

/** The path itself has become slower, by a fault or another way. */
function notePatience(path: Path): void {
  const isSlow = path.window <= LEAST_WINDOW && path.smoothed > 2 * path.leastTrip;
  path.patientRounds = isSlow ? path.patientRounds + 1 : 0;
  if (path.patientRounds < PATIENT_ROUNDS) return;
  path.leastTrip = path.smoothed;
  path.patientRounds = 0;
}

/** What is on its way waits in a queue: then late does not mean lost. */
export function isQueueing({ smoothed, leastTrip, variation }: Path): boolean {
  return smoothed > 1.5 * leastTrip + variation;
}

/** How long the acknowledgement of content is waited for, ms, without the doubling that timeouts in a row cause. */
export function contentTimeout(path: Path): number {
  const timeout = baseTimeout(path);
  return path.roundEnds > 0 ? timeout : Math.max(timeout, FIRST_CONTENT_TIMEOUT_MS);
}

/** What repeating something before it is taken for lost costs of the credit. */
export function earlyCost({ plannedLoss }: PlannedPath): number {
  return plannedLoss > 0 ? EARLY_COST_WITH_LOSS : EARLY_COST;
}
