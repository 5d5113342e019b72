import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Colours text, or leaves it as it is when the stream is no terminal that shows colours. */
export interface Paint {
  (style: Style, text: string): string;
  /** Background from cold (0) to hot (1), as 256-colour blues. */
  heat(share: number, text: string): string;
}

/** xterm-256 blues from near black to bright; white text is readable on all of them. */
const HEAT_RAMP = [233, 17, 18, 19, 20, 26, 27, 33];

export function paintFor(colours: boolean): Paint {
  const paint = (style: Style, text: string): string =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const heat = (share: number, text: string): string => {
    if (!colours) return text;
    const step = Math.min(HEAT_RAMP.length - 1, Math.max(0, Math.floor(share * HEAT_RAMP.length)));
    return `\u001b[48;5;${HEAT_RAMP[step] ?? 233}m\u001b[38;5;231m${text}\u001b[0m`;
  };
  return Object.assign(paint, { heat });
}

export function padVisible(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visibleLength(text)));
}

export function visibleLength(text: string): number {
  return text.replace(/\u001b\[[0-9;]*m/g, '').length;
}
