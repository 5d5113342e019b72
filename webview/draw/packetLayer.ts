import type { TimeWindow } from '../run/timeWindow.ts';
import type { LaneScale } from './laneScale.ts';
import { grainOf, stretchFor } from './packetExtent.ts';
import { PacketSheet, type SheetPicture } from './packetSheet.ts';

/** A zoomed or moved picture is drawn anew when the hand has rested so long; until then the old one is shown scaled. */
const REST_MS = 80;
/** One slice of drawing at most, about half a frame: input is answered in between. */
const SLICE_MS = 8;
/** Nearer than this share of the view to the end of the sheet, another one is drawn ahead. */
const MARGIN = 0.25;

/**
 * The packets of the lanes, drawn so that no frame waits for them: a sheet that is shown, and another that is drawn in slices
 * when the view, the theme or the filter asks for one, and then takes its place.
 */
export class PacketLayer {
  readonly #onProgress: () => void;
  #shown: PacketSheet | undefined;
  #next: PacketSheet | undefined;
  #wanted: { readonly picture: SheetPicture; readonly whole: TimeWindow } | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** Goes up with every change of what `paint` paints. */
  version = 0;

  /** @param onProgress a sheet got ready: paint again */
  constructor(onProgress: () => void) {
    this.#onProgress = onProgress;
  }

  /** Says what is in view now, and adds to the sheet what has come since. */
  update(picture: SheetPicture, whole: TimeWindow): void {
    this.#wanted = { picture, whole };
    const sheet = this.#next ?? this.#shown;
    if (this.#shown?.picture.packets !== picture.packets) this.#begin();
    else if (sheet !== undefined && !isOfKind(sheet, picture)) this.#begin();
    else if (sheet === undefined || !isFit(sheet, picture.scale, whole)) this.#beginAtRest();
    this.#shown?.append();
    if (this.#shown?.isOutgrown === true && this.#next === undefined) this.#begin();
  }

  paint(ctx: CanvasRenderingContext2D, view: LaneScale): void {
    this.#shown?.paint(ctx, view);
  }

  dispose(): void {
    clearTimeout(this.#rest);
    this.#wanted = undefined;
    this.#shown?.dispose();
    this.#next?.dispose();
    this.#shown = this.#next = undefined;
  }

  #beginAtRest(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#begin();
    }, REST_MS);
  }

  #begin(): void {
    clearTimeout(this.#rest);
    if (this.#wanted === undefined) return;
    const { picture, whole } = this.#wanted;
    this.#next?.dispose();
    const sheet = new PacketSheet(picture, stretchFor(picture.scale, whole));
    this.#next = sheet;
    this.#draw(sheet, sheet.draw());
  }

  #draw(sheet: PacketSheet, slices: Generator<void>): void {
    if (this.#next !== sheet) return;
    const end = performance.now() + SLICE_MS;
    while (slices.next().done !== true) {
      if (performance.now() < end) continue;
      // A page that is not seen does nothing; it goes on when it is seen again.
      const goOn = (): void => {
        this.#draw(sheet, slices);
      };
      if (document.hidden) document.addEventListener('visibilitychange', goOn, { once: true });
      else setTimeout(goOn);
      return;
    }
    this.#shown?.dispose();
    this.#shown = sheet;
    this.#next = undefined;
    sheet.append();
    this.version += 1;
    this.#onProgress();
  }
}

/** Drawn as this picture asks for, but for the stretch of time. */
function isOfKind({ picture: drawn }: PacketSheet, picture: SheetPicture): boolean {
  return (
    drawn.packets === picture.packets &&
    drawn.theme === picture.theme &&
    drawn.ratio === picture.ratio &&
    drawn.hidden === picture.hidden &&
    drawn.scale.laneHeight === picture.scale.laneHeight
  );
}

function isFit(sheet: PacketSheet, view: LaneScale, whole: TimeWindow): boolean {
  const isSharp = Math.abs(grainOf(sheet.scale) / grainOf(view) - 1) < 0.005;
  const ahead = (view.to - view.from) * MARGIN;
  const { from, to } = stretchFor(view, whole);
  const needed = { from: Math.max(from, view.from - ahead), to: Math.min(to, view.to + ahead) };
  return isSharp && sheet.holds(needed);
}
