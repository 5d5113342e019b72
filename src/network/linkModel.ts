import { drawUint32, drawUnit } from '../base/random.ts';
import { meanDelay, meanLoss } from '../model/linkMeasures.ts';
import { delayParts, type LinkSpec, lossParts } from '../model/linkSpec.ts';
import type { Loss } from '../model/topology.ts';
import { delayDraw, type DelayDraw, needsSecondDraw } from './delayDraw.ts';
import { BLACKHOLED, CORRUPT, DELIVERED, type Fate, LOST } from './fate.ts';
import type { Flow } from './flow.ts';
import { isBadState } from './lossChain.ts';

/** What a draw is for. With the flow it makes the third key of a draw, so purposes never share one. */
const PURPOSES = 16;
const FOR_LOSS = 0;
const FOR_DELAY = 1;
const FOR_DELAY_2 = 2;
const FOR_STATE = 3;
const FOR_CORRUPT = 4;
const FOR_DAMAGE = 5;
const FOR_DUPLICATE = 6;
const FOR_DUPLICATE_DELAY = 7;
const FOR_DUPLICATE_DELAY_2 = 8;
/** Each part of a way has purposes of its own, so that its draws are independent of the others'; more than flows need. */
const PART = 1 << 16;

/** Delays are whole µs: they are compared, hashed and scheduled exactly. */
function wholeMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** The decisions of all links that share one specification. */
export class LinkModel {
  readonly spec: LinkSpec;
  readonly seed: number;
  /** Expected one-way delay in ms, and expected share of lost packets. */
  readonly meanDelayMs: number;
  readonly meanLoss: number;
  /** Multiplies every delay: a slow node at one end. */
  readonly factor: number;
  readonly #draws: readonly DelayDraw[];
  readonly #twoDraws: readonly boolean[];
  readonly #losses: readonly Loss[];
  readonly #duplicate: number;
  readonly #corrupt: number;
  readonly #up: boolean;

  constructor(spec: LinkSpec, seed: number, factor = 1) {
    this.spec = spec;
    this.seed = seed;
    this.factor = factor;
    this.meanDelayMs = meanDelay(spec.delay) * factor;
    this.meanLoss = meanLoss(spec.loss);
    this.#draws = delayParts(spec.delay).map(delayDraw);
    this.#twoDraws = delayParts(spec.delay).map(needsSecondDraw);
    this.#losses = lossParts(spec.loss);
    this.#duplicate = spec.duplicate ?? 0;
    this.#corrupt = spec.corrupt ?? 0;
    this.#up = (spec.state ?? 'up') === 'up';
  }

  /**
   * Fills in outcome, delayMs, duplicateAt (here: the double's delay, −1 without one) and damage of packet `number`:
   * a pure function of its arguments, whatever was asked before and whenever it is asked.
   */
  decide(link: number, flow: Flow, number: number, fate: Fate): void {
    const key = flow.index * PURPOSES;
    fate.number = number;
    fate.duplicateAt = -1;
    fate.damage = 0;
    fate.delayMs = this.#delay(link, key + FOR_DELAY, key + FOR_DELAY_2, number);
    fate.outcome = this.#outcome(link, flow, number, fate);
    if (fate.outcome !== DELIVERED || this.#duplicate === 0) return;
    if (drawUnit(this.seed, link, key + FOR_DUPLICATE, number) >= this.#duplicate) return;
    const first = key + FOR_DUPLICATE_DELAY;
    fate.duplicateAt = this.#delay(link, first, key + FOR_DUPLICATE_DELAY_2, number);
  }

  #outcome(link: number, flow: Flow, number: number, fate: Fate): number {
    if (!this.#up) return BLACKHOLED;
    const key = flow.index * PURPOSES;
    const loss = this.#lossOf(link, key, number);
    if (loss > 0 && drawUnit(this.seed, link, key + FOR_LOSS, number) < loss) return LOST;
    if (this.#corrupt === 0) return DELIVERED;
    if (drawUnit(this.seed, link, key + FOR_CORRUPT, number) >= this.#corrupt) return DELIVERED;
    if (!flow.arrivesDamaged) return LOST;
    fate.damage = this.damageOf(link, flow, number);
    return CORRUPT;
  }

  /** The share in which packet `number` is lost, given the states of all parts of the way. */
  #lossOf(link: number, key: number, number: number): number {
    const [only] = this.#losses;
    if (this.#losses.length === 1 && only !== undefined) {
      return this.#partLoss(only, link, key, number);
    }
    let arrives = 1;
    for (const [part, loss] of this.#losses.entries()) {
      arrives *= 1 - this.#partLoss(loss, link, key + part * PART, number);
    }
    return 1 - arrives;
  }

  #partLoss(loss: Loss, link: number, key: number, number: number): number {
    if (loss.kind === 'bernoulli') return loss.p;
    const bad = isBadState(loss, this.seed, link, key + FOR_STATE, number);
    return bad ? loss.lossBad : loss.lossGood;
  }

  #delay(link: number, key: number, key2: number, number: number): number {
    let ms = 0;
    for (let part = 0; part < this.#draws.length; part++) {
      const at = part * PART;
      const u = drawUnit(this.seed, link, key + at, number);
      const v = this.#twoDraws[part] === true ? drawUnit(this.seed, link, key2 + at, number) : 0;
      ms += this.#draws[part]?.(u, v) ?? 0;
    }
    return wholeMicroseconds(ms * this.factor);
  }

  /** Uniform 32 bits that choose which byte of a corrupt packet is damaged. */
  damageOf(link: number, flow: Flow, number: number): number {
    return drawUint32(this.seed, link, flow.index * PURPOSES + FOR_DAMAGE, number);
  }
}
