/** Colours of the page as a canvas needs them, read from the CSS tokens. */
export interface DrawTheme {
  readonly fg: string;
  readonly fg2: string;
  readonly fg3: string;
  readonly line: string;
  readonly grid: string;
  readonly grid2: string;
  readonly bg: string;
  readonly accent: string;
  readonly ok: string;
  readonly err: string;
  readonly warn: string;
  readonly late: string;
  readonly info: string;
  readonly vio: string;
  readonly boot: string;
  readonly font: string;
  readonly isHighContrast: boolean;
  /** Opacity of phase bars: 0 in high contrast, where outlines stand for tints. */
  readonly tint: number;
}

/** To be read once per theme: it makes the browser compute styles. */
export function readTheme(): DrawTheme {
  const style = getComputedStyle(document.body);
  const kind = document.body.dataset.vscodeThemeKind ?? '';
  const isHighContrast = kind.includes('high-contrast');
  const probe = document.createElement('i');
  document.body.append(probe);
  const token = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const theme = {
    fg: token('fg'),
    fg2: token('fg-2'),
    fg3: token('fg-3'),
    line: token('line'),
    grid: token('grid'),
    grid2: token('grid-2'),
    bg: token('bg'),
    accent: token('accent'),
    ok: token('ok'),
    err: token('err'),
    warn: token('warn'),
    late: token('late'),
    info: token('info'),
    vio: token('vio'),
    boot: token('p-boot'),
    font: `11px ${style.fontFamily}`,
    isHighContrast,
    tint: isHighContrast ? 0 : kind === 'vscode-light' ? 0.22 : 0.29,
  };
  probe.remove();
  return theme;
}

/** Red, green and blue of a CSS colour, 0 to 255. */
export function rgbOf(colour: string): [number, number, number] {
  const canvas = new OffscreenCanvas(1, 1);
  const ctx = canvas.getContext('2d');
  if (ctx === null) return [128, 128, 128];
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = ctx.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
