import { stretchesOf, type FaultSpan } from '../run/faultSpans.ts';
import type { Lane } from '../run/laneSegments.ts';
import type { PacketStore } from '../run/packetStore.ts';
import type { TrafficStore } from '../run/trafficStore.ts';
import type { TimeWindow } from '../run/timeWindow.ts';
import type { UpgradeSpans } from '../run/upgradeSpans.ts';
import { BundleLayer } from './bundles.ts';
import { paintBackdrop, paintFuture } from './laneBackdrop.ts';
import { paintLane, type VersionNames } from './laneBars.ts';
import { heightOf, xOf, type LaneScale } from './laneScale.ts';
import { paintHovered } from './packetCurves.ts';
import { PacketLayer } from './packetLayer.ts';
import { paintPlayhead } from './playhead.ts';
import { pixelRatio, surfaceOf } from './surface.ts';
import type { DrawTheme } from './theme.ts';
import { paintChecks, paintWaveLabels, paintWaves, paintWindows } from './upgradeBands.ts';

export interface LanesPicture {
  readonly scale: LaneScale;
  readonly whole: TimeWindow;
  readonly packets: PacketStore;
  /** What services send each other; undefined: it is not to be seen. */
  readonly traffic: TrafficStore | undefined;
  readonly lanes: readonly Lane[];
  /** What faults did to services. */
  readonly faults: readonly FaultSpan[];
  /** What runs where; undefined: nodes run one Capsule from the start on. */
  readonly upgrade: UpgradeSpans | undefined;
  /** Of both Capsules of an upgrade. */
  readonly names: VersionNames;
  /** Goes up with every event that may have changed a lane. */
  readonly revision: number;
  /** How far the run has come, ms. */
  readonly live: number;
  readonly hasEnded: boolean;
  /** The instant that is shown, ms. */
  readonly t: number;
  readonly isPast: boolean;
  /** Packet classes that are not shown, by index in PACKET_CLASSES; the same array until they change. */
  readonly hidden: readonly boolean[];
  /** Number of the packet under the pointer. */
  readonly hovered: number | undefined;
  readonly theme: DrawTheme;
}

/**
 * The lanes on two canvases. The base holds what happened and is drawn again when more did or the view changed; the overlay
 * holds the playhead and the packet under the pointer, and is drawn with every frame.
 */
export class LanesPainter {
  readonly #base: HTMLCanvasElement;
  readonly #overlay: HTMLCanvasElement;
  readonly #layer: PacketLayer;
  readonly #bundles = new BundleLayer();
  #picture: LanesPicture | undefined;
  #drawnOf: readonly unknown[] = [];

  constructor(base: HTMLCanvasElement, overlay: HTMLCanvasElement) {
    this.#base = base;
    this.#overlay = overlay;
    this.#layer = new PacketLayer(() => {
      if (this.#picture !== undefined) this.draw(this.#picture);
    });
  }

  draw(picture: LanesPicture): void {
    if (picture.scale.width <= 0) return;
    this.#picture = picture;
    const { scale, packets, theme, hidden } = picture;
    const ratio = pixelRatio();
    this.#layer.update({ scale, packets, theme, hidden, ratio }, picture.whole);
    const drawnOf = [
      ...(Object.values(scale) as number[]),
      ...[packets, packets.total, theme, hidden, ratio, this.#layer.version],
      ...[picture.traffic, picture.traffic?.total],
      ...[picture.lanes, picture.revision, picture.live, picture.hasEnded],
    ];
    if (drawnOf.some((value, index) => value !== this.#drawnOf[index])) {
      this.#drawnOf = drawnOf;
      this.#paintBase(picture, ratio);
    }
    this.#paintOverlay(picture, ratio);
  }

  dispose(): void {
    this.#layer.dispose();
    this.#bundles.dispose();
    this.#picture = undefined;
  }

  #paintBase(picture: LanesPicture, ratio: number): void {
    const { scale, theme, live, traffic, upgrade, names } = picture;
    const height = heightOf(scale);
    const ctx = surfaceOf(this.#base, scale.width, height, ratio);
    if (ctx === undefined) return;
    ctx.clearRect(0, 0, scale.width, height);
    ctx.font = theme.font;
    paintBackdrop(ctx, scale, theme);
    if (upgrade !== undefined) {
      paintWindows(ctx, upgrade.windows, scale, live, theme);
      paintWaves(ctx, upgrade.waves, scale, live, theme);
    }
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, scale.top - 6, Math.max(0, xOf(scale, live)), height);
    ctx.clip();
    if (traffic !== undefined) this.#bundles.paint(ctx, traffic, scale, theme, ratio);
    this.#layer.paint(ctx, scale);
    ctx.restore();
    if (!picture.hasEnded) paintFuture(ctx, scale, live, theme);
    picture.lanes.forEach((lane, node) => {
      const [versions, phases = []] = [upgrade?.versions[node], upgrade?.phases[node]];
      const drawn = {
        lane,
        faults: stretchesOf(picture.faults, node),
        upgrade: versions && { versions, phases, names },
      };
      paintLane(ctx, drawn, node, scale, live, theme);
    });
    if (upgrade === undefined) return;
    paintWaveLabels(ctx, upgrade.waves, scale, live, theme);
    paintChecks(ctx, upgrade.checks, scale, live, theme);
  }

  #paintOverlay(picture: LanesPicture, ratio: number): void {
    const { scale, theme, packets, hovered } = picture;
    const height = heightOf(scale);
    const ctx = surfaceOf(this.#overlay, scale.width, height, ratio);
    if (ctx === undefined) return;
    ctx.clearRect(0, 0, scale.width, height);
    ctx.font = theme.font;
    paintPlayhead(ctx, scale, picture, theme);
    if (hovered !== undefined && hovered >= packets.first) {
      paintHovered(ctx, packets, packets.at(hovered), scale, theme);
    }
  }
}
