import type { VNode } from 'preact';
import { printable } from '../../../src/base/visibleText.ts';
import { rateWords } from '../../../src/model/home.ts';
import type { HostedNodeReport } from '../../../src/model/hostReport.ts';

/** Nodes that lived on other machines, as signed. Their clocks were measured from here; the rest is what hosts say of themselves. */
export function HostsEvidence({ hosts }: { readonly hosts: readonly HostedNodeReport[] }): VNode {
  return (
    // Long names may make it wider than its place: it scrolls by itself, also with the keys.
    <section class="hosts-evidence" aria-label="Hosts" tabIndex={0}>
      <h3 class="section-head">
        Hosts <span class="quiet">system, Node.js and lateness are the hosts' own claims</span>
      </h3>
      <table aria-label="Hosts of nodes">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col" class="text">
              Host
            </th>
            <th scope="col" class="text">
              System, Node.js
            </th>
            <th scope="col">Clock ahead</th>
            <th scope="col">Round trip</th>
            <th
              scope="col"
              title="what the way there carried each way, both at once, before the run"
            >
              Carried
            </th>
            <th scope="col" title="p99 of what came there, after it was due">
              Late there
            </th>
            <th scope="col" class="text key">
              Key or image
            </th>
          </tr>
        </thead>
        <tbody>
          {hosts.map((host) => (
            <Row key={host.nodeId} {...host} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row(report: HostedNodeReport): VNode {
  const { nodeId, host, kind, os, arch, node, clock, identity } = report;
  const { roundTripMs, pathMbps, arrivals } = report;
  const { start, end } = clock;
  const each = `${offset(start)} at the start, ${offset(end)} at the end`;
  return (
    <tr>
      <th scope="row">{nodeId}</th>
      <td class="text">
        {host} <span class="quiet">{kind}</span>
      </td>
      <td class="text">
        {printable(`${os} ${arch}`)} <span class="quiet">{printable(node)}</span>
      </td>
      <td title={each}>{offset(end)}</td>
      <td title={`half of them took ${roundTripMs.p50.toFixed(1)} ms at most`}>
        {roundTripMs.min.toFixed(1)} ms
      </td>
      <td>{pathMbps === undefined ? <span class="quiet">not told</span> : rateWords(pathMbps)}</td>
      <td title={arrivals === null ? undefined : linkWords(arrivals)}>
        {arrivals === null ? (
          <span class="quiet">not told</span>
        ) : (
          `${arrivals.errorMs.p99.toFixed(1)} ms`
        )}
      </td>
      <td class="text key">
        {identity === undefined ? (
          <span class="quiet">not seen</span>
        ) : (
          <code title={printable(identity)}>{printable(identity)}</code>
        )}
      </td>
    </tr>
  );
}

/** "p99 from n0 1.2 ms, from n2 0.9 ms" */
function linkWords({ links }: NonNullable<HostedNodeReport['arrivals']>): string {
  return `p99 ${links.map(({ from, errorMs }) => `from ${from} ${errorMs.p99.toFixed(1)} ms`).join(', ')}`;
}

/** Clocks of machines begin when these do: a difference of days says nothing, its error does. */
function offset({ offsetMs, errorMs }: HostedNodeReport['clock']['start']): string {
  // No minus before a zero.
  const whole = Math.round(offsetMs) || 0;
  return `${whole.toLocaleString('en')} ± ${errorMs.toFixed(2)} ms`;
}
