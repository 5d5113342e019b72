import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import type { RunHistory } from '../../run/history.ts';
import { linkStatistics, type LinkStatistics } from '../../run/linkStatistics.ts';
import { wholeMs } from './format.ts';

type Measure = 'p50' | 'p95' | 'loss';
const MEASURES: readonly Measure[] = ['p50', 'p95', 'loss'];

/** Row to column: what packets of each directed link took, or how many of them were lost. */
export function LatencyHeatmap({
  run,
  t,
}: {
  readonly run: RunHistory;
  readonly t: number;
}): VNode {
  const [measure, setMeasure] = useState<Measure>('p50');
  const [min, max] = run.plan.params.latencyMs;
  const links = linkStatistics(run.packets, run.nodes, t, max);
  const nodes = Array.from({ length: run.nodes }, (_, index) => index);
  const late = links.reduce((sum, link) => sum + link.late, 0);
  return (
    <section class="heatmap" aria-label="Link latency">
      <h2>
        Link latency{' '}
        <span class="quiet">row to column, {measure === 'loss' ? '% lost' : 'ms'}</span>
        <span class="segmented" role="group" aria-label="Measure">
          {MEASURES.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === measure}
              onClick={() => {
                setMeasure(one);
              }}
            >
              {one}
            </button>
          ))}
        </span>
      </h2>
      <table>
        <thead>
          <tr>
            <td />
            {nodes.map((to) => (
              <th key={to} scope="col">
                {nodeIdOf(to)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map((from) => (
            <tr key={from}>
              <th scope="row">{nodeIdOf(from)}</th>
              {nodes.map((to) => (
                <Cell
                  key={to}
                  link={links[from * run.nodes + to]}
                  isSelf={from === to}
                  measure={measure}
                  range={[min, max]}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        configured {min} to {max} ms, {late} packets later than that
      </p>
    </section>
  );
}

/** Full heat at this loss, percent. */
const HOT_LOSS = 30;

function Cell(props: {
  readonly link: LinkStatistics | undefined;
  readonly isSelf: boolean;
  readonly measure: Measure;
  readonly range: readonly [number, number];
}): VNode {
  const { link, isSelf, measure, range } = props;
  if (isSelf || link === undefined) return <td class="self" />;
  const value = measure === 'loss' ? (link.sent === 0 ? undefined : link.loss) : link[measure];
  const heat = value === undefined ? 0 : heatOf(value, measure, range);
  const text = measure === 'loss' && value !== undefined ? value.toFixed(1) : wholeMs(value);
  return (
    <td
      class={link.late > 0 ? 'late' : ''}
      title={`${link.sent} packets, p50 ${wholeMs(link.p50)} ms, p95 ${wholeMs(link.p95)} ms, ${link.loss.toFixed(1)} % lost, ${link.late} late`}
      ref={(cell) => cell?.style.setProperty('--heat', `${heat}%`)}
    >
      {text}
    </td>
  );
}

/** 6 to 72 %, the ramp of the design. */
function heatOf(value: number, measure: Measure, [min, max]: readonly [number, number]): number {
  const share = measure === 'loss' ? value / HOT_LOSS : (value - min) / Math.max(1, max - min);
  return 6 + 66 * Math.min(1, Math.max(0, share));
}
