import { familyTicks, machineTicks, type MachineTicks } from './cpuTicks.ts';
import { medianOf } from './quantiles.ts';

const SPIN_ITERATIONS = 1_500_000;
const SPINS = 5;

/** A calibrated loop that takes this much longer than the fastest one seen shares its core with something. */
const MAX_SPIN_RATIO = 1.25;
/** Share of all cores other programs may use, and share the hypervisor may take. */
const MAX_FOREIGN_SHARE = 0.12;
const MAX_STEAL_SHARE = 0.03;
/** Tick counters have a resolution of 10 ms: over less than this they say nothing. */
const MIN_WINDOW_TICKS = 30;

export interface Noise {
  readonly noisy: boolean;
  /** The slower spin, before or after, over the fastest of this process. */
  readonly spinRatio: number;
  /** CPU time of programs that are not this one or its children, over all CPU time; null where it is not known. */
  readonly foreignShare: number | null;
  readonly stealShare: number | null;
}

interface Mark {
  readonly spinMs: number;
  readonly family: number | undefined;
  readonly machine: MachineTicks | undefined;
}

let checksum = 0;

function spinOnce(): number {
  const start = process.hrtime.bigint();
  let hash = checksum;
  for (let i = 0; i < SPIN_ITERATIONS; i += 1) hash = (Math.imul(hash ^ i, 0x85ebca6b) >>> 1) | 0;
  checksum = hash;
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/**
 * Judges whether the machine was left to us during a round: by a calibrated spin before and after, and where the
 * system tells (Linux) by the CPU time others used and the hypervisor stole.
 */
export class NoiseMeter {
  #fastest = Infinity;

  constructor() {
    for (let i = 0; i < 4 * SPINS; i += 1) this.#fastest = Math.min(this.#fastest, spinOnce());
  }

  mark(): Mark {
    const spins = Array.from({ length: SPINS }, spinOnce);
    this.#fastest = Math.min(this.#fastest, ...spins);
    return { spinMs: medianOf(spins), family: familyTicks(), machine: machineTicks() };
  }

  since(before: Mark): Noise {
    // Counters first: the closing spin is not part of the round.
    const machine = machineTicks();
    const family = familyTicks();
    const after = this.mark();
    const spinRatio = Math.max(before.spinMs, after.spinMs) / this.#fastest;
    const shares = sharesOf(before, { machine, family });
    const noisy =
      spinRatio > MAX_SPIN_RATIO ||
      (shares.foreignShare ?? 0) > MAX_FOREIGN_SHARE ||
      (shares.stealShare ?? 0) > MAX_STEAL_SHARE;
    return { noisy, spinRatio, ...shares };
  }
}

function sharesOf(
  before: Mark,
  after: Pick<Mark, 'machine' | 'family'>,
): Pick<Noise, 'foreignShare' | 'stealShare'> {
  const unknown = { foreignShare: null, stealShare: null };
  if (before.machine === undefined || after.machine === undefined) return unknown;
  if (before.family === undefined || after.family === undefined) return unknown;
  const total = after.machine.total - before.machine.total;
  if (total < MIN_WINDOW_TICKS) return unknown;
  const busy = after.machine.busy - before.machine.busy;
  const own = after.family - before.family;
  return {
    foreignShare: Math.max(0, busy - own) / total,
    stealShare: (after.machine.stolen - before.machine.stolen) / total,
  };
}
