export interface RowWindow {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** Rows drawn above and below what is seen: a quick scroll shows no gap before the next frame. */
const MARGIN = 10;

/** The rows of one height to draw of a list that is scrolled to `top`. Lengths in CSS pixels. */
export function rowWindow(list: {
  readonly rows: number;
  readonly rowHeight: number;
  readonly top: number;
  readonly height: number;
}): RowWindow {
  const { rows, rowHeight, top, height } = list;
  const first = Math.min(rows, Math.max(0, Math.floor(top / rowHeight) - MARGIN));
  const end = Math.min(rows, Math.ceil((top + height) / rowHeight) + MARGIN);
  return { first, end: Math.max(first, end) };
}

/** Where to scroll to so that a row is seen whole: `top` itself if it is. */
export function scrollToSee(
  row: number,
  {
    rowHeight,
    top,
    height,
  }: { readonly rowHeight: number; readonly top: number; readonly height: number },
): number {
  const above = row * rowHeight;
  if (above < top) return above;
  return Math.max(top, above + rowHeight - height);
}
