import { batch, computed, signal, type Signal } from '@preact/signals';
import type { LegendItem } from '../run/packetClass.ts';
import { followed, panned, wholeRun, within, zoomed, type TimeWindow } from '../run/timeWindow.ts';

export const RATES = [0.25, 1, 4] as const;
export type Rate = (typeof RATES)[number];

/** A packet under the pointer, by its number in the run's store. */
export interface HoveredPacket {
  readonly number: number;
  /** Its directed link, from · nodes + to. */
  readonly link: number;
}

/** How far a run has come, as far as this page was told. */
export interface RunExtent {
  /** ms. */
  readonly at: number;
  readonly hasEnded: boolean;
}

/**
 * Which instant of a run is shown, which stretch of it, and how fast time passes. A live run that is followed needs no ticking:
 * its newest event is now. Ticks move a past instant on, until it has caught up with live or the end.
 */
export class RunClock {
  /** ms since the run began; undefined: live, or the end. */
  readonly seekTo: Signal<number | undefined>;
  /** What is zoomed in on; undefined: all of the run. */
  readonly zoom = signal<TimeWindow | undefined>(undefined);
  readonly isPlaying = signal(false);
  readonly rate = signal<Rate>(1);
  readonly hiddenItems = signal<ReadonlySet<LegendItem>>(new Set());
  readonly hovered = signal<HoveredPacket | undefined>(undefined);
  /** The link of the packet under the pointer, for views that mark it. */
  readonly hoveredLink = computed(() => this.hovered.value?.link);
  #exact = 0;

  constructor(seekTo: Signal<number | undefined>) {
    this.seekTo = seekTo;
  }

  /** For another run. */
  reset(): void {
    batch(() => {
      this.zoom.value = undefined;
      this.isPlaying.value = false;
      this.hovered.value = undefined;
    });
  }

  window({ at, hasEnded }: RunExtent): TimeWindow {
    const whole = wholeRun(at, hasEnded);
    const zoom = this.zoom.value;
    return zoom === undefined ? whole : within(zoom, whole);
  }

  /** Shows `t` and stops following; a time past the newest one is live. */
  seek(t: number, { at }: RunExtent): void {
    batch(() => {
      this.isPlaying.value = false;
      this.seekTo.value = t >= at ? undefined : Math.max(0, t);
      this.#exact = this.seekTo.value ?? at;
      this.#keepInWindow(this.#exact);
    });
  }

  goLive({ at }: RunExtent): void {
    batch(() => {
      this.isPlaying.value = false;
      this.seekTo.value = undefined;
      this.#keepInWindow(at);
    });
  }

  /** A run that is followed is paused where it is; the end of a recorded one begins again. */
  togglePlay({ at, hasEnded }: RunExtent): void {
    batch(() => {
      const { value: t } = this.seekTo;
      if (t === undefined && !hasEnded) {
        this.seekTo.value = at;
        return;
      }
      this.isPlaying.value = !this.isPlaying.value;
      if (!this.isPlaying.value) return;
      this.#exact = t ?? 0;
      this.seekTo.value = this.#exact;
      this.#keepInWindow(this.#exact);
    });
  }

  /**
   * Lets `elapsedMs` of real time pass.
   * @param shownAt of an exact time, the one to show: where motion is to be reduced, the last event before it
   */
  tick(elapsedMs: number, { at }: RunExtent, shownAt = (t: number): number => t): void {
    if (!this.isPlaying.value) return;
    this.#exact += elapsedMs * this.rate.value;
    batch(() => {
      if (this.#exact < at) this.seekTo.value = shownAt(this.#exact);
      else {
        this.seekTo.value = undefined;
        this.isPlaying.value = false;
      }
      this.#keepInWindow(Math.min(this.#exact, at));
    });
  }

  /** To be called when a run that is followed has come further. */
  follow({ at }: RunExtent): void {
    if (this.seekTo.value === undefined) this.#keepInWindow(at);
  }

  zoomBy(factor: number, anchor: number, extent: RunExtent): void {
    const whole = wholeRun(extent.at, extent.hasEnded);
    this.zoom.value = zoomed(this.window(extent), factor, anchor, whole);
  }

  panBy(ms: number, extent: RunExtent): void {
    if (this.zoom.value === undefined) return;
    this.zoom.value = panned(this.window(extent), ms, wholeRun(extent.at, extent.hasEnded));
  }

  fit(): void {
    this.zoom.value = undefined;
  }

  toggleItem(item: LegendItem): void {
    const hidden = new Set(this.hiddenItems.value);
    if (!hidden.delete(item)) hidden.add(item);
    this.hiddenItems.value = hidden;
  }

  #keepInWindow(t: number): void {
    const { value: zoom } = this.zoom;
    if (zoom !== undefined) this.zoom.value = followed(zoom, t);
  }
}
