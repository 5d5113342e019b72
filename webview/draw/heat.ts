/** The heat ramp of the link table: one hue from the background on, and text that can be read on it. */

/** sRGB, 0 to 255. */
export type Rgb = readonly [number, number, number];

export interface HeatColours {
  readonly background: Rgb;
  readonly hue: Rgb;
  readonly text: Rgb;
}

export interface HeatFill {
  readonly background: string;
  readonly text: string;
}

const COLDEST = 0.06;
const HOTTEST = 0.72;
/** WCAG 2.1, 1.4.3. */
const READABLE = 4.5;
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/** @param heat 0 to 1; beyond is taken for the nearer end */
export function heatFill({ background, hue, text }: HeatColours, heat: number): HeatFill {
  const share = COLDEST + Math.min(1, Math.max(0, heat)) * (HOTTEST - COLDEST);
  const fill = mixed(background, hue, share);
  const better = contrast(WHITE, fill) > contrast(BLACK, fill) ? WHITE : BLACK;
  return { background: css(fill), text: css(contrast(text, fill) >= READABLE ? text : better) };
}

/** Contrast ratio of two colours, 1 to 21, as WCAG 2.1 defines it. */
export function contrast(a: Rgb, b: Rgb): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((left, right) => left - right);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

/** Reads `#rgb`, `#rrggbb` and `rgb(…)`, without regard to opacity; undefined for anything else. */
export function rgbOf(text: string): Rgb | undefined {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(text)?.slice(1);
  if (short !== undefined) return triple(short.map((digit) => parseInt(digit + digit, 16)));
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})(?:[\da-f]{2})?$/i.exec(text)?.slice(1);
  if (long !== undefined) return triple(long.map((digits) => parseInt(digits, 16)));
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text)?.slice(1);
  return parts === undefined ? undefined : triple(parts.map(Number));
}

function triple([red = 0, green = 0, blue = 0]: readonly number[]): Rgb {
  return [red, green, blue];
}

function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  return triple(from.map((value, index) => Math.round(value + ((to[index] ?? 0) - value) * share)));
}

function css(colour: Rgb): string {
  return `rgb(${colour.join(' ')})`;
}

/** Relative luminance of WCAG 2.1. */
function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
