import type { DrawTheme } from './theme.ts';

/** Small shapes of the lanes: what happened is told by shape as well as by colour. */

type Ctx = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export function traceCross(ctx: Ctx, x: number, y: number, size: number): void {
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x - size, y + size);
  ctx.lineTo(x + size, y - size);
}

/** Where a packet died; with a rim, so that it stays legible on curves. */
export function paintCross(ctx: Ctx, x: number, y: number, size: number, theme: DrawTheme): void {
  ctx.beginPath();
  traceCross(ctx, x, y, size);
  ctx.strokeStyle = theme.bg;
  ctx.lineWidth = 4;
  ctx.stroke();
  ctx.strokeStyle = theme.err;
  ctx.lineWidth = 1.6;
  ctx.stroke();
}

/** Where a late packet arrived. */
export function paintDiamond(ctx: Ctx, x: number, y: number, theme: DrawTheme): void {
  ctx.beginPath();
  ctx.moveTo(x, y - 4);
  ctx.lineTo(x + 4, y);
  ctx.lineTo(x, y + 4);
  ctx.lineTo(x - 4, y);
  ctx.closePath();
  ctx.fillStyle = theme.bg;
  ctx.fill();
  ctx.strokeStyle = theme.late;
  ctx.lineWidth = 1.4;
  ctx.stroke();
}

/** A hop's signature: a check for a valid one, a cross for an invalid one. */
export function paintShield(
  ctx: Ctx,
  x: number,
  y: number,
  isValid: boolean,
  theme: DrawTheme,
): void {
  ctx.fillStyle = theme.bg;
  ctx.beginPath();
  ctx.arc(x, y, 7, 0, 2 * Math.PI);
  ctx.fill();
  ctx.strokeStyle = isValid ? theme.ok : theme.err;
  ctx.lineWidth = 1.3;
  ctx.beginPath();
  ctx.moveTo(x, y - 5.5);
  ctx.lineTo(x + 4.5, y - 3.7);
  ctx.lineTo(x + 4.5, y - 0.4);
  ctx.quadraticCurveTo(x + 4.2, y + 3.4, x, y + 5.5);
  ctx.quadraticCurveTo(x - 4.2, y + 3.4, x - 4.5, y - 0.4);
  ctx.lineTo(x - 4.5, y - 3.7);
  ctx.closePath();
  ctx.stroke();
  ctx.beginPath();
  if (isValid) {
    ctx.moveTo(x - 2.2, y - 0.2);
    ctx.lineTo(x - 0.5, y + 1.6);
    ctx.lineTo(x + 2.3, y - 2);
  } else traceCross(ctx, x, y - 0.3, 1.8);
  ctx.stroke();
}

/** A crash: a red disc with a cross. */
export function paintCrash(ctx: Ctx, x: number, y: number, theme: DrawTheme): void {
  ctx.fillStyle = theme.bg;
  ctx.beginPath();
  ctx.arc(x, y, 9.5, 0, 2 * Math.PI);
  ctx.fill();
  ctx.fillStyle = theme.err;
  ctx.beginPath();
  ctx.arc(x, y, 8, 0, 2 * Math.PI);
  ctx.fill();
  ctx.strokeStyle = theme.bg;
  ctx.lineWidth = 1.8;
  ctx.beginPath();
  traceCross(ctx, x, y, 3);
  ctx.stroke();
}

/** A node that stopped for good: a red octagon, with a bar for a halt, a cross for a process that failed. */
export function paintHalt(
  ctx: Ctx,
  x: number,
  y: number,
  why: 'halted' | 'failed',
  theme: DrawTheme,
): void {
  ctx.fillStyle = theme.err;
  ctx.beginPath();
  for (let corner = 0; corner < 8; corner += 1) {
    const angle = (Math.PI / 4) * (corner + 0.5);
    ctx.lineTo(x + 9 * Math.cos(angle), y + 9 * Math.sin(angle));
  }
  ctx.closePath();
  ctx.fill();
  ctx.strokeStyle = theme.bg;
  ctx.lineWidth = 1.8;
  ctx.beginPath();
  if (why === 'failed') traceCross(ctx, x, y, 3);
  else {
    ctx.moveTo(x - 4, y);
    ctx.lineTo(x + 4, y);
  }
  ctx.stroke();
}

/** A restart: an arrow in a circle. */
export function paintRestart(ctx: Ctx, x: number, y: number, theme: DrawTheme): void {
  ctx.fillStyle = theme.bg;
  ctx.beginPath();
  ctx.arc(x, y, 8.5, 0, 2 * Math.PI);
  ctx.fill();
  ctx.strokeStyle = theme.fg;
  ctx.lineWidth = 1.4;
  ctx.beginPath();
  ctx.arc(x, y, 4.8, -0.3, 4.7);
  ctx.stroke();
  ctx.fillStyle = theme.fg;
  ctx.beginPath();
  ctx.moveTo(x + 7, y - 2.5);
  ctx.lineTo(x + 2.4, y - 2);
  ctx.lineTo(x + 5.2, y + 2);
  ctx.closePath();
  ctx.fill();
}

/** A fault that acts on services: a triangle with a bar, as signs warn. */
export function paintWarning(ctx: Ctx, x: number, y: number, theme: DrawTheme): void {
  ctx.beginPath();
  ctx.moveTo(x, y - 5);
  ctx.lineTo(x + 5.5, y + 4.5);
  ctx.lineTo(x - 5.5, y + 4.5);
  ctx.closePath();
  ctx.lineJoin = 'round';
  ctx.strokeStyle = theme.bg;
  ctx.lineWidth = 4;
  ctx.stroke();
  ctx.fillStyle = theme.late;
  ctx.fill();
  ctx.fillStyle = theme.bg;
  ctx.fillRect(x - 0.75, y - 1.8, 1.5, 3.2);
  ctx.fillRect(x - 0.75, y + 2.2, 1.5, 1.4);
  ctx.lineJoin = 'miter';
}

/** Slanted lines over a rectangle: no data, or down. */
export function paintHatch(
  ctx: Ctx,
  area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  pitch: number,
): void {
  const { x, y, width, height } = area;
  if (width <= 0) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.beginPath();
  // On a grid of its own, so that the pattern stands still while its left edge moves.
  for (let k = Math.floor((x - height) / pitch) * pitch; k < x + width; k += pitch) {
    ctx.moveTo(k, y + height);
    ctx.lineTo(k + height, y);
  }
  ctx.stroke();
  ctx.restore();
}
