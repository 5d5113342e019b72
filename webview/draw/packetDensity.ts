import type { PacketStore } from '../run/packetStore.ts';
import { edgesOf, xOf, type LaneScale } from './laneScale.ts';
import { rgbOf, type DrawTheme } from './theme.ts';

/** Opacity of 255 of a column with one packet, and what the fullest has more. */
const FAINT = 20;
const RANGE = 90;
/** Strips of this many pairs can lie over one another before they are made fainter. */
const PAIRS_AT_FULL = 12;
/** The fullest column of a sparse picture is not shown as if it were full. */
const FIRST_FULL = 8;
const PAIRS_PER_SLICE = 12;

/**
 * Packets that are too many to be drawn one by one: counted per directed pair of nodes and pixel column, shown as a strip
 * between the two lanes whose opacity grows with the logarithm of the count.
 */
export class PacketDensity {
  readonly #scale: LaneScale;
  readonly #columns: number;
  readonly #counts: Uint16Array;
  readonly #strips: OffscreenCanvas;
  readonly #colour: readonly [number, number, number];
  /** A count that is shown as opaque as it gets; doubles as needed, so that old columns are seldom drawn anew. */
  #full = FIRST_FULL;
  #dirtyFrom = Infinity;
  #dirtyTo = -Infinity;

  constructor(scale: LaneScale, theme: DrawTheme) {
    this.#scale = scale;
    this.#columns = Math.ceil(scale.width);
    this.#counts = new Uint16Array(scale.nodes ** 2 * this.#columns);
    this.#strips = new OffscreenCanvas(this.#columns, scale.nodes ** 2);
    this.#colour = rgbOf(theme.info);
  }

  add(packets: PacketStore, at: number): void {
    const column = Math.floor(xOf(this.#scale, packets.sent[at] ?? 0));
    if (column < 0 || column >= this.#columns) return;
    const index = (packets.link[at] ?? 0) * this.#columns + column;
    const count = Math.min(0xffff, (this.#counts[index] ?? 0) + 1);
    this.#counts[index] = count;
    this.#dirtyFrom = Math.min(this.#dirtyFrom, column);
    this.#dirtyTo = Math.max(this.#dirtyTo, column);
    if (count <= this.#full) return;
    while (count > this.#full) this.#full *= 2;
    this.#dirtyFrom = 0;
    this.#dirtyTo = this.#columns - 1;
  }

  /** Draws the columns that changed, a few pairs at a time. */
  *paint(ctx: OffscreenCanvasRenderingContext2D): Generator<void> {
    const [from, width] = [this.#dirtyFrom, this.#dirtyTo - this.#dirtyFrom + 1];
    if (width <= 0) return;
    this.#dirtyFrom = Infinity;
    this.#dirtyTo = -Infinity;
    const { nodes, top, laneHeight } = this.#scale;
    this.#shade(from, width);
    ctx.clearRect(from, top, width, laneHeight * nodes);
    ctx.imageSmoothingEnabled = false;
    for (let pair = 0; pair < nodes ** 2; pair += 1) {
      const [sender, receiver] = [Math.floor(pair / nodes), pair % nodes];
      if (sender === receiver) continue;
      const [y0, y1] = edgesOf(this.#scale, sender, receiver);
      const height = Math.abs(y1 - y0);
      ctx.drawImage(this.#strips, from, pair, width, 1, from, Math.min(y0, y1), width, height);
      if (pair % PAIRS_PER_SLICE === 0) yield;
    }
  }

  /** Opacities of these columns, one row per pair. */
  #shade(from: number, width: number): void {
    const rows = this.#scale.nodes ** 2;
    const image = new ImageData(width, rows);
    const { data } = image;
    const [red, green, blue] = this.#colour;
    const most = Math.log1p(this.#full);
    const share = Math.min(1, PAIRS_AT_FULL / rows);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < width; column += 1) {
        const count = this.#counts[row * this.#columns + from + column] ?? 0;
        if (count === 0) continue;
        const pixel = (row * width + column) * 4;
        data[pixel] = red;
        data[pixel + 1] = green;
        data[pixel + 2] = blue;
        data[pixel + 3] = Math.max(2, share * (FAINT + RANGE * (Math.log1p(count) / most)));
      }
    }
    this.#strips.getContext('2d')?.putImageData(image, from, 0);
  }
}
