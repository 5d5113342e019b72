import { drawUnit } from '../base/random.ts';
import type { Loss } from '../model/topology.ts';

type GilbertElliott = Extract<Loss, { kind: 'gilbert-elliott' }>;

/**
 * Whether packet `number` meets the bad state of a Gilbert–Elliott chain: a pure function of the keys.
 * The step to packet k is decided by one draw u: from good, bad if u < p; from bad, still bad if u < 1 − r. Where both
 * starts lead to the same state the past does not matter, so we walk back only to the nearest such step
 * (1/(p + r) steps on average when p + r ≤ 1), or to the stationary state before packet 0.
 */
export function isBadState(
  chain: GilbertElliott,
  seed: number,
  link: number,
  key: number,
  number: number,
): boolean {
  if (chain.p + chain.r === 0) return false;
  const fromGood = chain.p;
  const fromBad = 1 - chain.r;
  const sameIsBad = Math.min(fromGood, fromBad);
  const sameIsGood = Math.max(fromGood, fromBad);
  // p + r > 1 makes an undecided step swap the states instead of keeping them.
  const swaps = fromGood > fromBad;
  let swapped = false;
  for (let k = number; k >= 0; k--) {
    const u = drawUnit(seed, link, key, k);
    if (u < sameIsBad) return !swapped;
    if (u >= sameIsGood) return swapped;
    if (swaps) swapped = !swapped;
  }
  const stationary = chain.p / (chain.p + chain.r);
  const startedBad = drawUnit(seed, link, key, BEFORE_THE_FIRST) < stationary;
  return startedBad !== swapped;
}

/** No packet has this number: draws count packets from 0, modulo 2^32. */
const BEFORE_THE_FIRST = 0xffffffff;
