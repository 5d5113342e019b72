import type { VNode } from 'preact';
import { otherHosts } from '../../../src/model/hostPlacement.ts';
import { accessWords } from '../../../src/model/topologyWords.ts';
import { parameters, type Parameters } from '../../state/parameters.ts';
import { figuresOf } from '../../state/parseAccess.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { short } from './format.ts';

/** The parameters in one row; pressed, it goes to the form, which a narrow page shows only then. */
export function ParameterSummary({ state }: { readonly state: StudioState }): VNode {
  const { isPanelOpen } = state;
  const { params, topology, access = {}, chaos, drift, ...others } = parameters.value;
  const { placement, hosts, upgrade, ...judgement } = others;
  const { failOnObjectives, failOnRegression } = judgement;
  const [from, to] = params.latencyMs;
  const parts = [
    ...(upgrade === undefined ? [] : [`from ${short(upgrade.from)}`]),
    `${from} to ${to} ms`,
    `${params.packetLoss} % loss`,
    `verify ${params.verifySignatures ? 'on' : 'off'}`,
    ...(topology.kind === 'regions' ? [topology.regions.join(', ')] : []),
    ...accessWords(figuresOf(access)),
    ...chaosParts(chaos),
    ...drift.map(({ node }) => `drift ${node}`),
    ...Object.keys(placement).map((service) => `${service} placed`),
    ...otherHosts(hosts, params.nodes).map(({ host, nodes }) => `${nodes.join(', ')} on ${host}`),
    ...(failOnObjectives ? ['objectives must hold'] : []),
    ...(failOnRegression ? ['no regression'] : []),
  ];
  const press = (): void => {
    isPanelOpen.value = !isPanelOpen.value;
    requestAnimationFrame(showPanel);
  };
  return (
    <button
      type="button"
      class="panel-summary"
      aria-expanded={isPanelOpen.value}
      aria-controls="parameters"
      title="Change the parameters"
      onClick={press}
    >
      <Mark name="sliders" />
      <strong>{params.nodes} nodes</strong>
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </button>
  );
}

function chaosParts({ preset, faults }: Parameters['chaos']): readonly string[] {
  if (faults !== undefined) return ['own chaos'];
  return preset === 'none' ? [] : [preset];
}

function showPanel(): void {
  const panel = document.getElementById('parameters');
  if (panel !== null && panel.clientHeight > 0) panel.scrollIntoView({ block: 'nearest' });
}
