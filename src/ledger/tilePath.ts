/** C2SP tlog-tiles: a tile holds 256 hashes, an entry bundle 256 entries. */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;
export const CHECKPOINT = 'checkpoint';

/** Groups of three digits, all but the last with an `x` in front: 1234067 is `x001/x234/067`. */
function numberPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  return (padded.match(/\d{3}/g) ?? [])
    .map((group, at, all) => (at < all.length - 1 ? `x${group}` : group))
    .join('/');
}

/** Where the partial versions of a tile or bundle are. */
export function partialFolder(full: string): string {
  return `${full}.p`;
}

function atWidth(full: string, width: number): string {
  return width === TILE_WIDTH ? full : `${partialFolder(full)}/${width}`;
}

export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  return atWidth(`tile/${level}/${numberPath(index)}`, width);
}

export function bundlePath(index: number, width = TILE_WIDTH): string {
  return atWidth(`tile/entries/${numberPath(index)}`, width);
}

/** The number of the entry bundle a path below `tile/entries/` is of, whole or partial: the inverse of `bundlePath`. */
export function bundleIndexOf(name: string): number | undefined {
  const groups = /^((?:x\d{3}\/)*\d{3})(?:\.p\/\d{1,3})?$/.exec(name)?.[1];
  return groups === undefined ? undefined : Number(groups.replaceAll(/[x/]/g, ''));
}

/** How many items of a row of `count` are in its tile number `index`: 256, or fewer in the last. */
export function widthOf(count: number, index: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, count - index * TILE_WIDTH));
}

/** How many hashes level `level` has in a tree of `size` leaves: one per full tile of the level below. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}
