import type { VNode } from 'preact';
import type { LatencyDifference, LatencyDifferences } from '../../../src/model/runComparison.ts';
import { Verdict, VerdictReasons } from './Verdict.tsx';

/** One-way times from node to node in both, A above B, and what the test of all packets on the link says. */
export function ComparedLatency({ latency }: { readonly latency: LatencyDifferences }): VNode {
  const { from, ways } = latency;
  return (
    <section class="compared-latency" aria-label="Latency">
      <h3 class="section-head">
        Latency{' '}
        <span class="quiet">
          one way, ms; {from === 'packets' ? 'of all packets' : 'as sealed: events are not here'}
        </span>
      </h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Link</th>
            <th scope="col">
              <span class="visually-hidden">Run</span>
            </th>
            <th scope="col">p50</th>
            <th scope="col">{from === 'packets' ? 'p95' : 'p90'}</th>
            <th scope="col">p99</th>
            <th scope="col" title="Over the shortest path, measured at the end of the run">
              Way
            </th>
            <th scope="col">B is</th>
          </tr>
        </thead>
        {ways.map((way) => (
          <Way key={`${way.from} ${way.to}`} way={way} />
        ))}
      </table>
      <VerdictReasons comparisons={ways.map(({ comparison }) => comparison)} />
    </section>
  );
}

function Way({ way }: { readonly way: LatencyDifference }): VNode {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" rowSpan={2}>
          {way.from} → {way.to}
        </th>
        <Figures name="A" side={way.a} />
        <td rowSpan={2}>
          <Verdict comparison={way.comparison} />
        </td>
      </tr>
      <tr class="of-b">
        <Figures name="B" side={way.b} />
      </tr>
    </tbody>
  );
}

function Figures(props: { readonly name: string; readonly side: LatencyDifference['a'] }): VNode {
  const { link, wayMs } = props.side ?? {};
  const figures = [link?.p50, link?.p95 ?? link?.p90, link?.p99, wayMs];
  return (
    <>
      <th scope="row">{props.name}</th>
      {figures.map((ms, at) => (
        <td key={at}>{ms === undefined ? '–' : ms.toFixed(1)}</td>
      ))}
    </>
  );
}
