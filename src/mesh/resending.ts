import { contentTimeout, earlyCost, isQueueing } from './congestion.ts';
import type { MeshNodeOptions } from './nodeOptions.ts';
import type { Peer } from './peer.ts';
import { backedOff, overtakenAge } from './roundTrip.ts';

/**
 * While a link idles, what is unacknowledged longest is sent again after this many round trips. With a rate idle time
 * is the only cost, so it is early; without one links always idle, so it waits until an answer is overdue.
 */
const PACED_RESEND_TRIPS = 0.25;
const FREE_RESEND_TRIPS = 1.25;
const RESEND_MIN_MS = 10;

/** Age at which what is unacknowledged longest is sent again while a link idles, ms; Infinity: it is not. */
export function resendPause(peer: Peer, options: MeshNodeOptions): number {
  const { paced, source, plannedLoss } = options;
  if (peer.smoothed < 0 || peer.earlyCredit < earlyCost(options)) return Infinity;
  const isUnknown = !paced && plannedLoss === 0 && peer.roundEnds === 0;
  if (isQueueing(peer) || isUnknown) return contentTimeout(peer);
  let age = overtakenAge(peer);
  // Where nothing is lost only n0's links idle for want of work, at the end, when everybody waits for what is left.
  if (paced && (source || plannedLoss > 0)) age = peer.smoothed * PACED_RESEND_TRIPS;
  else if (!paced && plannedLoss > 0) age = peer.smoothed * FREE_RESEND_TRIPS;
  return Math.max(age, RESEND_MIN_MS);
}

/** Age at which a transmission is taken for lost, ms. */
export function patienceWith(peer: Peer): number {
  return backedOff(contentTimeout(peer), peer.timeouts);
}
