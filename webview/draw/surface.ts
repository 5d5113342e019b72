/** Sharper than this no screen shows it, and pixels cost. */
const MAX_PIXEL_RATIO = 2;

export function pixelRatio(): number {
  return Math.min(devicePixelRatio, MAX_PIXEL_RATIO);
}

/** A canvas of this size in CSS pixels, ready to be drawn on in them. Undefined: there is nothing to draw on. */
export function surfaceOf(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  ratio = pixelRatio(),
): CanvasRenderingContext2D | undefined {
  if (width <= 0 || height <= 0) return undefined;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  // Setting the size clears the canvas and allocates it anew, even where it stays the same.
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const ctx = canvas.getContext('2d');
  ctx?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx ?? undefined;
}
