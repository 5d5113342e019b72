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
/** Nothing of a handshake that was told of is lost. */
const TRIP_MEASURES: readonly Measure[] = ['p50', 'p95'];
const KINDS = ['mesh', 'services'] as const;

/**
 * Row to column: what packets of each directed link took, or how many of them were lost. Where services talk to each other: how
 * long their handshakes took as well, from client to server and back.
 */
export function LatencyHeatmap(props: {
  readonly run: RunHistory;
  /** ms since the run began. */
  readonly t: number;
  /** The link of the packet that is pointed at, from · nodes + to. */
  readonly outlinedLink?: number | undefined;
}): VNode {
  const { run, t, outlinedLink } = props;
  const [measure, setMeasure] = useState<Measure>('p50');
  const [kind, setKind] = useState<(typeof KINDS)[number]>('mesh');
  const isTrip = kind === 'services' && run.roundTrips.count > 0;
  const shown = isTrip && measure === 'loss' ? 'p50' : measure;
  const [min, max] = run.plan.params.latencyMs;
  const range = isTrip ? ([2 * min, 2 * max] as const) : ([min, max] as const);
  const { links, all, bins } = isTrip ? run.roundTrips.at(t) : linkStatisticsOf(run).at(t);
  return (
    <section class="heatmap" aria-label="Link latency">
      <h2>
        Link latency{' '}
        <span class="quiet">
          {isTrip ? 'client to server' : 'row to column'}, {shown === 'loss' ? '% lost' : 'ms'}
        </span>
        {run.roundTrips.count > 0 && (
          <Segmented label="Of what" choices={KINDS} value={kind} onChange={setKind} />
        )}
        <Segmented
          label="Measure"
          choices={isTrip ? TRIP_MEASURES : MEASURES}
          value={shown}
          onChange={setMeasure}
        />
      </h2>
      <HeatTable {...{ nodes: run.nodes, links, measure: shown, range, outlinedLink, isTrip }} />
      <LatencyHistogram
        bins={bins}
        scale={histogramScale(range)}
        statistics={all}
        isTrip={isTrip}
      />
    </section>
  );
}

interface HeatTableProps {
  readonly nodes: number;
  readonly links: readonly LinkStatistics[];
  readonly measure: Measure;
  readonly range: readonly [number, number];
  readonly outlinedLink: number | undefined;
  /** Of handshakes between services, there and back. */
  readonly isTrip: boolean;
}

const MANY_NODES = 6;

function HeatTable(props: HeatTableProps): VNode {
  const { nodes, links, measure, range, outlinedLink, isTrip } = props;
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
                  isTrip={isTrip}
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
