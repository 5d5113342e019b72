/** Colours of the page as a canvas needs them, read from the CSS tokens. */
export interface DrawTheme {
  readonly fg: string;
  readonly fg2: string;
  readonly line: string;
  readonly bg: string;
  readonly ok: string;
  readonly err: string;
  readonly warn: string;
  readonly late: string;
  readonly info: string;
  readonly vio: string;
  readonly boot: string;
  readonly font: string;
  /** Opacity of phase bars: 0 in high contrast, where outlines stand for tints. */
  readonly tint: number;
}

export function readTheme(): DrawTheme {
  const style = getComputedStyle(document.body);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const kind = document.body.dataset.vscodeThemeKind ?? '';
  return {
    fg: style.color,
    fg2: token('fg-2-solid'),
    line: token('line'),
    bg: token('bg'),
    ok: token('ok'),
    err: token('err'),
    warn: token('warn'),
    late: token('late'),
    info: token('info'),
    vio: token('vio'),
    boot: token('boot-solid'),
    font: `11px ${style.fontFamily}`,
    tint: kind.includes('high-contrast') ? 0 : kind === 'vscode-light' ? 0.22 : 0.29,
  };
}
