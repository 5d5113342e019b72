import { useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import type { EvidenceExtension, NodeReport } from '../../../src/model/evidence.ts';
import { extentOf, nodeStrip } from '../../draw/phaseStrip.ts';
import type { InboundPackets } from '../../draw/sparkline.ts';
import { inboundPackets, quantile } from '../../run/inbound.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { percent, seconds, wholeMs } from './format.ts';
import { LatencySparkline } from './LatencySparkline.tsx';
import { PhaseStrip } from './PhaseStrip.tsx';

/** Each node through the run, from what was signed; its inbound latency from the events, where this workspace holds them. */
export function NodeHealth(props: {
  readonly state: StudioState;
  readonly extension: EvidenceExtension;
}): VNode {
  const { state, extension } = props;
  const { result, plan } = extension;
  const { began, ended } = extentOf(result);
  const inbound = useInbound(state, result.simId);
  return (
    <section class="node-health" aria-label="Node health">
      <h3 class="section-head">
        Node health{' '}
        <span class="quiet">
          {inbound === undefined
            ? 'phases as signed; latency needs the events of the run'
            : 'grey band is the configured latency'}
        </span>
      </h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col" class="wide">
              Phases, 0 to {seconds(ended - began)}
            </th>
            <th scope="col" class="wide inbound">
              Inbound latency
            </th>
            <th scope="col">p95</th>
            <th scope="col">Up</th>
            <th scope="col">Healthy</th>
          </tr>
        </thead>
        <tbody>
          {result.nodeReports.map((report, index) => (
            <Row
              key={report.nodeId}
              report={report}
              services={placedServices(extension, index)}
              extent={{ began, ended }}
              inbound={inbound?.[index]}
              configured={plan.params.latencyMs}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function useInbound(state: StudioState, simId: string): InboundPackets[] | undefined {
  const frame = state.frame.value;
  const run = state.run?.simId === simId ? state.run : undefined;
  const known = frame < 0 ? 0 : (run?.packets.total ?? 0);
  return useMemo(
    () => (run === undefined ? undefined : inboundPackets(run.packets, run.nodes)),
    [run, known],
  );
}

function placedServices(extension: EvidenceExtension, node: number): string[] | undefined {
  const ran = 'ran' in extension ? extension.ran : undefined;
  return extension.plan.placement === undefined ? undefined : ran?.[node]?.services;
}

function Row(props: {
  readonly report: NodeReport;
  /** Those that ran there, where not all nodes ran the same. */
  readonly services: readonly string[] | undefined;
  readonly extent: ReturnType<typeof extentOf>;
  readonly inbound: InboundPackets | undefined;
  readonly configured: readonly [number, number];
}): VNode {
  const { report, services, extent, inbound, configured } = props;
  const strip = nodeStrip(report, extent);
  const span = extent.ended - extent.began;
  const isWell = strip.healthyAt !== undefined;
  const p95 = inbound === undefined ? undefined : quantile(inbound.latency, 0.95);
  return (
    <tr>
      <th scope="row">
        <Mark name={isWell ? 'pass' : 'fail'} tone={isWell ? 'ok' : 'err'} /> {report.nodeId}
        {services !== undefined && (
          <div class="quiet ran">{services.length === 0 ? 'no service' : services.join(', ')}</div>
        )}
      </th>
      <td>
        <PhaseStrip strip={strip} span={span} />
      </td>
      <td class="inbound">
        {inbound !== undefined && (
          <LatencySparkline packets={inbound} span={span} configured={configured} />
        )}
      </td>
      <td>{p95 === undefined ? '–' : `${wholeMs(p95)} ms`}</td>
      <td class={strip.up < 1 ? 'warn' : ''}>{percent(strip.up)}</td>
      <td>{strip.healthyAt === undefined ? 'never' : seconds(strip.healthyAt)}</td>
    </tr>
  );
}
