import type { TrafficStore } from '../run/trafficStore.ts';
import { bundleWidth, stretchOf } from './bundleSize.ts';
import { edgesOf, heightOf, xOf, type LaneScale } from './laneScale.ts';
import { paintCross } from './marks.ts';
import { wayBetween, type RingLayout } from './ring.ts';
import type { DrawTheme } from './theme.ts';

/** Packets between services come in sums: what flows on a link in a stretch of time is one curve, as wide as it is much. */

const CURVES_PER_STROKE = 128;
const ALPHA = 0.5;
/** A cross stands on the curve where no lane hides it: at 0.35 of a Bézier's parameter, as shares of its box. */
const LOST_X = 0.35 ** 2 * (3 - 2 * 0.35);
const LOST_Y = 1.5 * 0.35 * 0.65 + 0.35 ** 3;

interface Bundle {
  readonly link: number;
  packets: number;
  dropped: number;
  delayed: number;
}

/** By stretch and link, what flowed in view. The key is the number of the stretch · links + link. */
function bundlesIn(traffic: TrafficStore, scale: LaneScale, stretch: number): Map<number, Bundle> {
  const bundles = new Map<number, Bundle>();
  const links = scale.nodes ** 2;
  // What is on its way into view and out of it is drawn in part.
  const margin = stretch + (scale.to - scale.from) / 4;
  traffic.visit(scale.from - stretch, scale.to + margin, (at) => {
    const link = traffic.link[at] ?? 0;
    const middle = ((traffic.from[at] ?? 0) + (traffic.until[at] ?? 0)) / 2;
    const key = Math.floor(middle / stretch) * links + link;
    const bundle = bundles.get(key) ?? { link, packets: 0, dropped: 0, delayed: 0 };
    const [packets, dropped] = [traffic.packets[at] ?? 0, traffic.dropped[at] ?? 0];
    bundle.packets += packets;
    bundle.dropped += dropped;
    bundle.delayed += (packets - dropped) * (traffic.delayMs[at] ?? 0);
    bundles.set(key, bundle);
  });
  return bundles;
}

function paintBundles(
  ctx: OffscreenCanvasRenderingContext2D,
  traffic: TrafficStore,
  scale: LaneScale,
  theme: DrawTheme,
): void {
  const stretch = stretchOf(scale, traffic.links.size);
  const links = scale.nodes ** 2;
  const byWidth = new Map<number, Path2D[]>();
  const crosses: (readonly [x: number, y: number])[] = [];
  for (const [key, { link, packets, dropped, delayed }] of bundlesIn(traffic, scale, stretch)) {
    const arrives = (Math.floor(key / links) + 0.5) * stretch;
    const delay = delayed / Math.max(1, packets - dropped);
    const [y0, y1] = edgesOf(scale, Math.floor(link / scale.nodes), link % scale.nodes);
    const [x0, x1] = [xOf(scale, arrives - delay), xOf(scale, arrives)];
    const width = Math.round(2 * bundleWidth((packets * 1_000) / stretch)) / 2;
    const paths = byWidth.get(width) ?? [];
    byWidth.set(width, paths);
    if (paths.length % CURVES_PER_STROKE === 0) paths.push(new Path2D());
    const curve = `M${x0} ${y0}C${x0} ${(y0 + y1) / 2} ${x1} ${(y0 + y1) / 2} ${x1} ${y1}`;
    paths.at(-1)?.addPath(new Path2D(curve));
    if (dropped > 0) crosses.push([x0 + (x1 - x0) * LOST_X, y0 + (y1 - y0) * LOST_Y]);
  }
  ctx.strokeStyle = theme.ok;
  ctx.globalAlpha = theme.isHighContrast ? 1 : ALPHA;
  for (const [width, paths] of byWidth) {
    ctx.lineWidth = width;
    for (const path of paths) ctx.stroke(path);
  }
  ctx.globalAlpha = 1;
  for (const [x, y] of crosses) paintCross(ctx, x, y, 3, theme);
}

/** Keeps the drawing of the bundles in view until more come or the view changes. */
export class BundleLayer {
  #canvas: OffscreenCanvas | undefined;
  #drawnOf: readonly unknown[] = [];

  paint(
    ctx: CanvasRenderingContext2D,
    traffic: TrafficStore,
    scale: LaneScale,
    theme: DrawTheme,
    ratio: number,
  ): void {
    if (traffic.total === 0) return;
    const drawnOf = [...(Object.values(scale) as number[]), traffic, traffic.total, theme, ratio];
    const height = heightOf(scale);
    if (drawnOf.some((value, index) => value !== this.#drawnOf[index])) {
      this.#drawnOf = drawnOf;
      this.#canvas ??= new OffscreenCanvas(1, 1);
      this.#canvas.width = Math.ceil(scale.width * ratio);
      this.#canvas.height = Math.ceil(height * ratio);
      const sheet = this.#canvas.getContext('2d');
      sheet?.scale(ratio, ratio);
      if (sheet !== null) paintBundles(sheet, traffic, scale, theme);
    }
    if (this.#canvas === undefined) return;
    const { width, height: rows } = this.#canvas;
    ctx.drawImage(this.#canvas, 0, 0, width, rows, 0, 0, width / ratio, rows / ratio);
  }

  dispose(): void {
    if (this.#canvas !== undefined) this.#canvas.width = this.#canvas.height = 0;
    this.#canvas = undefined;
    this.#drawnOf = [];
  }
}

/** What flows between nodes on the ring; each direction keeps to its right. @param rates packets a second by link */
export function paintRingBundles(
  ctx: CanvasRenderingContext2D,
  layout: RingLayout,
  rates: ReadonlyMap<number, number>,
  theme: DrawTheme,
): void {
  const nodes = layout.nodes.length;
  ctx.strokeStyle = theme.ok;
  ctx.globalAlpha = theme.isHighContrast ? 1 : ALPHA;
  for (const [link, rate] of rates) {
    const way = wayBetween(layout, Math.floor(link / nodes), link % nodes);
    if (way === undefined) continue;
    const { start, bend, end } = way;
    const width = bundleWidth(rate);
    const length = Math.max(1, Math.hypot(end.x - start.x, end.y - start.y));
    const aside = width / 2 + 1;
    const [dx, dy] = [(-aside * (end.y - start.y)) / length, (aside * (end.x - start.x)) / length];
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(start.x + dx, start.y + dy);
    ctx.quadraticCurveTo(bend.x + dx, bend.y + dy, end.x + dx, end.y + dy);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}
