import { classIndex, PACKET_CLASSES } from '../run/packetClass.ts';
import type { PacketStore } from '../run/packetStore.ts';
import type { TimeWindow } from '../run/timeWindow.ts';
import { heightOf, xOf, type LaneScale } from './laneScale.ts';
import { className } from './packetCurve.ts';
import { CURVES_PER_STROKE, paintEndMark, strokeCurves } from './packetCurves.ts';
import { PacketDensity } from './packetDensity.ts';
import { isDense } from './packetExtent.ts';
import type { DrawTheme } from './theme.ts';

/** Marks of late and dropped packets are thinned to one per lane in so many pixels, so they never vanish. */
const MARK_PITCH_PX = 7;
const MARKS_PER_SLICE = 64;
/** Counting is cheap, but a run holds hundreds of thousands. */
const COUNTED_PER_SLICE = 8_192;

/** What one should see lies above what is always there. */
const DRAWING_ORDER = (
  ['probe', 'ack', 'chunk', 'control', 'late', 'lost', 'corrupt', 'cut', 'dead'] as const
).map(classIndex);
const MARKED = (['late', 'lost', 'corrupt', 'cut', 'dead'] as const).map(classIndex);

export interface SheetPicture {
  /** What is in view. */
  readonly scale: LaneScale;
  readonly packets: PacketStore;
  readonly theme: DrawTheme;
  /** By index in PACKET_CLASSES. */
  readonly hidden: readonly boolean[];
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

/** Packets in view that are not hidden. */
export function countInView({ packets, scale, hidden }: SheetPicture): number {
  let count = 0;
  packets.visit(scale.from, scale.to, (number) => {
    if (hidden[packets.kind[packets.at(number)] ?? 0] !== true) count += 1;
  });
  return count;
}

/**
 * A drawing of the packets of a stretch of time, wider than what is in view so that it can be moved, and added to as more
 * packets come. Curves and marks are on layers of their own: columns of a dense picture are drawn anew, marks are not.
 */
export class PacketSheet {
  readonly picture: SheetPicture;
  /** Its own scale, of the stretch it holds. */
  readonly scale: LaneScale;
  readonly isDense: boolean;
  readonly #curves: OffscreenCanvas;
  readonly #marks: OffscreenCanvas;
  readonly #density: PacketDensity | undefined;
  readonly #markedAt: Uint8Array;
  /** Packets below this number have been drawn, or are about to be by `draw`. */
  #drawn = 0;
  /** In view and not hidden, of those that are drawn. */
  #inView: number;

  constructor(picture: SheetPicture, held: TimeWindow) {
    const { scale, theme, ratio } = picture;
    const width = Math.ceil((scale.width * (held.to - held.from)) / (scale.to - scale.from));
    this.picture = picture;
    this.scale = { ...scale, ...held, width };
    this.#inView = countInView(picture);
    this.isDense = isDense(this.#inView, scale.width);
    this.#curves = new OffscreenCanvas(width * ratio, heightOf(scale) * ratio);
    this.#marks = new OffscreenCanvas(width * ratio, heightOf(scale) * ratio);
    for (const canvas of [this.#curves, this.#marks]) canvas.getContext('2d')?.scale(ratio, ratio);
    this.#density = this.isDense ? new PacketDensity(this.scale, theme) : undefined;
    this.#markedAt = new Uint8Array(Math.ceil(width / MARK_PITCH_PX) * scale.nodes * 2);
    this.#drawn = picture.packets.total;
  }

  /** More packets in view than can be drawn one by one by now. */
  get isOutgrown(): boolean {
    return !this.isDense && isDense(this.#inView, this.picture.scale.width);
  }

  /** Draws all there is in slices, what is in view first. */
  *draw(): Generator<void> {
    const { packets, scale } = this.picture;
    const inView: number[] = [];
    const beside: number[] = [];
    packets.visit(this.scale.from, this.scale.to, (number) => {
      if (number >= this.#drawn) return;
      const at = packets.at(number);
      const isSeen = (packets.sent[at] ?? 0) <= scale.to && (packets.ends[at] ?? 0) >= scale.from;
      (isSeen ? inView : beside).push(number);
    });
    yield* this.#drawNumbers(inView);
    yield* this.#drawNumbers(beside);
  }

  /** Draws what has come since. */
  append(): void {
    const { packets, hidden, scale } = this.picture;
    if (this.#drawn === packets.total) return;
    const fresh: number[] = [];
    packets.visit(this.scale.from, this.scale.to, (number) => fresh.push(number), this.#drawn);
    this.#drawn = packets.total;
    for (const number of fresh) {
      const at = packets.at(number);
      const isSeen = (packets.sent[at] ?? 0) <= scale.to && hidden[packets.kind[at] ?? 0] !== true;
      if (isSeen) this.#inView += 1;
    }
    const slices = this.#drawNumbers(fresh);
    while (slices.next().done !== true);
  }

  /** Copies the part that is in view, scaled where that has changed since. */
  paint(ctx: CanvasRenderingContext2D, view: LaneScale): void {
    const { ratio } = this.picture;
    const x = xOf(this.scale, view.from) * ratio;
    const width = xOf(this.scale, view.to) * ratio - x;
    for (const canvas of [this.#curves, this.#marks]) {
      ctx.drawImage(canvas, x, 0, width, canvas.height, 0, 0, view.width, heightOf(view));
    }
  }

  /** Frees its pixels at once rather than when memory is collected. */
  dispose(): void {
    for (const canvas of [this.#curves, this.#marks]) canvas.width = canvas.height = 0;
  }

  /** Time that is held, ms. */
  holds({ from, to }: TimeWindow): boolean {
    return this.scale.from <= from && this.scale.to >= to;
  }

  *#drawNumbers(numbers: readonly number[]): Generator<void> {
    const { packets, hidden } = this.picture;
    const byClass: number[][] = PACKET_CLASSES.map(() => []);
    for (const number of numbers) {
      const kind = packets.kind[packets.at(number)] ?? 0;
      if (hidden[kind] !== true) byClass[kind]?.push(number);
    }
    if (this.#density === undefined) yield* this.#drawCurves(byClass);
    else yield* this.#drawDensity(this.#density, byClass);
    yield* this.#drawMarks(byClass);
  }

  *#drawCurves(byClass: readonly (readonly number[])[]): Generator<void> {
    const ctx = this.#curves.getContext('2d');
    if (ctx === null) return;
    for (const kind of DRAWING_ORDER) {
      const numbers = byClass[kind] ?? [];
      for (let first = 0; first < numbers.length; first += CURVES_PER_STROKE) {
        const batch = numbers.slice(first, first + CURVES_PER_STROKE);
        strokeCurves(ctx, this.picture.packets, batch, this.scale, this.picture.theme);
        yield;
      }
    }
  }

  *#drawDensity(density: PacketDensity, byClass: readonly (readonly number[])[]): Generator<void> {
    const { packets } = this.picture;
    let counted = 0;
    for (const numbers of byClass) {
      for (const number of numbers) {
        density.add(packets, packets.at(number));
        counted += 1;
        if (counted % COUNTED_PER_SLICE === 0) yield;
      }
    }
    const ctx = this.#curves.getContext('2d');
    if (ctx !== null) yield* density.paint(ctx);
  }

  *#drawMarks(byClass: readonly (readonly number[])[]): Generator<void> {
    const ctx = this.#marks.getContext('2d');
    if (ctx === null) return;
    let drawn = 0;
    for (const kind of MARKED) {
      for (const number of byClass[kind] ?? []) {
        const at = this.picture.packets.at(number);
        if (this.isDense && this.#isMarked(at)) continue;
        paintEndMark(ctx, this.picture.packets, at, this.scale, this.picture.theme);
        drawn += 1;
        if (drawn % MARKS_PER_SLICE === 0) yield;
      }
    }
  }

  /** Whether a mark of its kind is at its place already; notes that there is one from now on. */
  #isMarked(at: number): boolean {
    const { packets } = this.picture;
    const column = Math.floor(xOf(this.scale, packets.ends[at] ?? 0) / MARK_PITCH_PX);
    const isLate = className(packets, at) === 'late' ? 1 : 0;
    const slot = (column * this.scale.nodes + packets.to(at)) * 2 + isLate;
    if (this.#markedAt[slot] !== 0) return true;
    this.#markedAt[slot] = 1;
    return false;
  }
}
