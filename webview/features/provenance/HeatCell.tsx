import { useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import { heatFill, rgbOf, type HeatColours } from '../../draw/heat.ts';
import type { DrawTheme } from '../../draw/theme.ts';
import type { LinkStatistics } from '../../run/linkStatistics.ts';
import { drawTheme } from '../../theme/drawTheme.ts';
import { wholeMs } from './format.ts';

export type Measure = 'p50' | 'p95' | 'loss';

/** Full heat at this loss, percent. */
const HOT_LOSS = 30;

/** One directed link; a corner says that a packet took longer than the configured maximum. */
export function HeatCell(props: {
  readonly from: number;
  readonly to: number;
  readonly statistics: LinkStatistics | undefined;
  readonly measure: Measure;
  readonly range: readonly [number, number];
  /** Of handshakes between services, there and back. */
  readonly isTrip: boolean;
  readonly isOutlined: boolean;
}): VNode {
  const { from, to, statistics, measure, range, isTrip, isOutlined } = props;
  const theme = drawTheme();
  const value = from === to ? undefined : valueOf(statistics, measure);
  const text = measure === 'loss' && value !== undefined ? value.toFixed(1) : wholeMs(value);
  const late = statistics?.late ?? 0;
  return useMemo(() => {
    if (from === to) return <td class="self" />;
    const classes = [late > 0 && 'late', isOutlined && 'outlined', value === undefined && 'none'];
    return (
      <td
        class={classes.filter(Boolean).join(' ')}
        title={titleOf(from, to, statistics, isTrip)}
        ref={(cell) => {
          if (cell !== null)
            colour(cell, theme, value === undefined ? undefined : heatOf(value, measure, range));
        }}
      >
        {text}
      </td>
    );
  }, [from, to, measure, text, late, statistics?.sent, isTrip, isOutlined, theme]);
}

function valueOf(link: LinkStatistics | undefined, measure: Measure): number | undefined {
  if (link === undefined || link.sent === 0) return undefined;
  return link[measure];
}

function titleOf(
  from: number,
  to: number,
  link: LinkStatistics | undefined,
  isTrip: boolean,
): string {
  const name = `${nodeIdOf(from)} to ${nodeIdOf(to)}`;
  const what = isTrip ? 'handshakes between services' : 'packets';
  if (link === undefined || link.sent === 0) return `${name}: no ${what} yet`;
  const times = `${link.sent} ${what}, p50 ${wholeMs(link.p50)} ms, p95 ${wholeMs(link.p95)} ms`;
  if (isTrip) return `${name}: ${times}, there and back`;
  return `${name}: ${times}, ${link.loss.toFixed(1)} % lost, ${link.late} late`;
}

/** 0 to 1 over the configured range. */
function heatOf(value: number, measure: Measure, [min, max]: readonly [number, number]): number {
  return measure === 'loss' ? value / HOT_LOSS : (value - min) / Math.max(1, max - min);
}

/** By CSSOM: the page's policy allows no style attributes. In high contrast numbers stand alone. */
function colour(cell: HTMLTableCellElement, theme: DrawTheme, heat: number | undefined): void {
  const colours = heat === undefined || theme.tint === 0 ? undefined : coloursOf(theme);
  const fill = colours === undefined ? undefined : heatFill(colours, heat ?? 0);
  cell.style.backgroundColor = fill?.background ?? '';
  cell.style.color = fill?.text ?? '';
}

function coloursOf(theme: DrawTheme): HeatColours | undefined {
  const [background, hue, text] = [rgbOf(theme.bg), rgbOf(theme.info), rgbOf(theme.fg)];
  if (background === undefined || hue === undefined || text === undefined) return undefined;
  return { background, hue, text };
}
