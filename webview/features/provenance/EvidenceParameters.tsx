import { chaosWords } from '../../../src/model/chaosWords.ts';
import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import type { EvidenceExtension } from '../../../src/model/evidence.ts';
import { placementWords } from '../../../src/model/hostPlacement.ts';
import { isolationWords } from '../../../src/model/isolation.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { plannedLossWords } from '../../../src/model/plannedLinks.ts';
import { programWords } from '../../../src/model/programWords.ts';
import { trafficWords } from '../../../src/model/trafficWords.ts';
import { hash12 } from './format.ts';
import { degradedReasons } from '../../../src/model/timingBudget.ts';
import { topologyWords } from '../../../src/model/topologyWords.ts';

/** Everything that determined the run, as signed. */
export function EvidenceParameters(props: {
  readonly extension: EvidenceExtension;
  readonly parts: Evidence['parts'];
}): VNode {
  const { extension, parts } = props;
  const { plan, environment } = extension;
  const digest = parts.find(({ name }) => name === 'Plan')?.digest;
  const facts: [string, string][] = [
    ['Nodes', `${plan.params.nodes}, topology ${topologyWords(plan)}`],
    ['Latency', `${plan.params.latencyMs.join(' to ')} ms per link`],
    ['Packet loss', `planned ${plannedLossWords(plan)}, measured ${lossOf(extension)}`],
    ['Verification', plan.params.verifySignatures ? 'every hop' : 'off'],
    ['Chaos', chaosWords(plan)],
    ['Drift', driftOf(plan)],
    ...placementOf(plan),
    ...hostsOf(plan),
    ['Seed', String(plan.seed)],
    ...judgementOf(plan),
    ['World', plan.world === 'real' ? 'real processes' : 'one process, virtual time'],
    [
      'Fidelity',
      environment.degraded
        ? `${environment.fidelity}, degraded: ${degradedReasons(extension).join('; ')}`
        : environment.fidelity,
    ],
    ...surroundingsOf(extension),
  ];
  return (
    <section class="parameters" aria-label="Parameters">
      <h3 class="section-head">
        Parameters
        {digest !== undefined && (
          <code class="head-end quiet" title={`SHA-256 of the plan: ${digest}`}>
            {hash12(digest)}
          </code>
        )}
      </h3>
      <dl>
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What services had of their own, and what they said to other nodes. */
function surroundingsOf(extension: EvidenceExtension): [string, string][] {
  if (extension.plan.world === 'virtual') return [];
  const services = trafficWords(extension);
  return [
    ['Isolation', isolationWords(extension.environment)],
    ...(services === undefined ? [] : ([['Services', services]] as [string, string][])),
    ...programsOf(extension),
  ];
}

/** Files of the machine that services ran: nothing where all were packed. */
function programsOf(extension: EvidenceExtension): [string, string][] {
  const programs = 'programs' in extension ? extension.programs : undefined;
  const words = programWords(programs ?? []);
  return words.length === 0 ? [] : [['Programs', words.join('; ')]];
}

function lossOf({ network }: EvidenceExtension): string {
  const sent = network.links.reduce((sum, link) => sum + link.sent, 0);
  const dropped = network.links.reduce((sum, link) => sum + link.dropped, 0);
  return sent === 0 ? 'on no packet' : `${((100 * dropped) / sent).toFixed(1)} %`;
}

/** What could fail the run besides the run itself; nothing where its plan does not say so. */
function judgementOf({ failOnObjectives, failOnRegression }: Plan): [string, string][] {
  const words = [
    ...(failOnObjectives === true ? ['a missed objective'] : []),
    ...(failOnRegression === true ? ['a regression'] : []),
  ];
  return words.length === 0 ? [] : [['Fails on', words.join(', ')]];
}

/** Nothing where every service runs on every node. */
function placementOf({ placement = {} }: Plan): [string, string][] {
  const words = Object.entries(placement).map(
    ([service, nodes]) => `${service} on ${nodes.join(', ')}`,
  );
  return words.length === 0 ? [] : [['Placement', words.join('; ')]];
}

/** Nothing where all nodes live on the machine that rehearses. */
function hostsOf({ hosts, params }: Plan): [string, string][] {
  const words = placementWords(hosts, params.nodes);
  return words === '' ? [] : [['Hosts', words]];
}

function driftOf({ drift }: Plan): string {
  const words = drift.map(
    ({ node, service, commit }) => `${node}: ${service} ${commit.slice(0, 7)}`,
  );
  return words.length === 0 ? 'off' : words.join(', ');
}
