import { useMemo, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import { histogramScale } from '../../draw/histogram.ts';
import type { RunHistory } from '../../run/history.ts';
import type { LinkStatistics } from '../../run/linkStatistics.ts';
import { linkStatisticsOf } from '../../run/linkStatisticsAt.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { HeatCell, type Measure } from './HeatCell.tsx';
import { LatencyHistogram } from './LatencyHistogram.tsx';

const MEASURES: readonly Measure[] = ['p50', 'p95', 'loss'];

/** Row to column: what packets of each directed link took, or how many of them were lost. */
export function LatencyHeatmap(props: {
  readonly run: RunHistory;
  /** ms since the run began. */
  readonly t: number;
  /** The link of the packet that is pointed at, from · nodes + to. */
  readonly outlinedLink?: number | undefined;
}): VNode {
  const { run, t, outlinedLink } = props;
  const [measure, setMeasure] = useState<Measure>('p50');
  const range = run.plan.params.latencyMs;
  const { links, all, bins } = linkStatisticsOf(run).at(t);
  return (
    <section class="heatmap" aria-label="Link latency">
      <h2>
        Link latency{' '}
        <span class="quiet">row to column, {measure === 'loss' ? '% lost' : 'ms'}</span>
        <Segmented label="Measure" choices={MEASURES} value={measure} onChange={setMeasure} />
      </h2>
      <HeatTable {...{ nodes: run.nodes, links, measure, range, outlinedLink }} />
      <LatencyHistogram bins={bins} scale={histogramScale(range)} statistics={all} />
    </section>
  );
}

interface HeatTableProps {
  readonly nodes: number;
  readonly links: readonly LinkStatistics[];
  readonly measure: Measure;
  readonly range: readonly [number, number];
  readonly outlinedLink: number | undefined;
}

const MANY_NODES = 6;

function HeatTable({ nodes, links, measure, range, outlinedLink }: HeatTableProps): VNode {
  const indices = useMemo(() => Array.from({ length: nodes }, (_, index) => index), [nodes]);
  return (
    <table class={nodes > MANY_NODES ? 'many' : ''}>
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">from, to</span>
          </th>
          {indices.map((to) => (
            <th key={to} scope="col">
              {nodeIdOf(to)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {indices.map((from) => (
          <tr key={from}>
            <th scope="row">{nodeIdOf(from)}</th>
            {indices.map((to) => {
              const link = from * nodes + to;
              return (
                <HeatCell
                  key={to}
                  from={from}
                  to={to}
                  statistics={links[link]}
                  measure={measure}
                  range={range}
                  isOutlined={link === outlinedLink}
                />
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
