import type { UpgradeEdge } from './provenanceApi.ts';

/** The rehearsed upgrades of a chain of trust as lines, for the page and for the drawing that stands alone. Pure. */

/** From the box of one Capsule to that of the one that took its place, through the gutter beside them. */
export interface UpgradeLine {
  readonly status: UpgradeEdge['status'];
  readonly key: string;
  /** SVG path data, and that of the head at its end. */
  readonly path: string;
  readonly head: string;
  /** Where its mark stands. */
  readonly mark: { readonly x: number; readonly y: number };
}

/** Where a box is, by its upper left corner. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** Of the lines, side by side; more than so many share the last. */
const MOST_TRACKS = 3;
const TRACK = 15;
/** Clear of the boxes, for its mark and the head of the line. */
const FIRST_TRACK = 14;
const HEAD = 4;

/** Width of the gutter that so many lines need, CSS pixels. */
export function gutterOf(upgrades: number): number {
  return upgrades === 0 ? 0 : FIRST_TRACK + Math.min(upgrades, MOST_TRACKS) * TRACK;
}

/** Those of whose ends the boxes are there; nearest to the boxes is the newest. @param boxHeight of every box */
export function upgradeLines(
  upgrades: readonly UpgradeEdge[],
  boxOf: ReadonlyMap<string, Place>,
  boxHeight: number,
): UpgradeLine[] {
  return upgrades.flatMap(({ from, to, status }, index) => {
    const [before, after] = [boxOf.get(from), boxOf.get(to)];
    if (before === undefined || after === undefined) return [];
    const track = Math.min(index, MOST_TRACKS - 1, upgrades.length - 1);
    const x = Math.min(before.x, after.x) - FIRST_TRACK - track * TRACK;
    // Apart from each other where several meet at one box.
    const y1 = before.y + boxHeight / 2 + track * HEAD;
    const y2 = after.y + boxHeight / 2 + track * HEAD;
    const end = after.x - 1;
    return [
      {
        status,
        key: `${from} ${to}`,
        path: `M${before.x} ${y1}H${x}V${y2}H${end}`,
        head: `M${end - HEAD} ${y2 - HEAD}L${end} ${y2}L${end - HEAD} ${y2 + HEAD}`,
        mark: { x, y: (y1 + y2) / 2 },
      },
    ];
  });
}
