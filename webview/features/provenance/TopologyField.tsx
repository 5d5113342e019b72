import type { VNode } from 'preact';
import { regionTopology, USUAL_REGIONS } from '../../../src/model/regions.ts';
import type { Topology } from '../../../src/model/topology.ts';
import { parameters, setParameters, written } from '../../state/parameters.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { RegionFields } from './RegionFields.tsx';

interface Choice {
  readonly value: Topology['kind'];
  readonly label: string;
  readonly topology: Topology;
}

const CHOICES: readonly Choice[] = [
  { value: 'uniform', label: 'every node to every other', topology: { kind: 'uniform' } },
  { value: 'ring', label: 'ring', topology: { kind: 'ring' } },
  { value: 'star', label: 'star around n0', topology: { kind: 'star', centre: 'n0' } },
  { value: 'regions', label: 'cloud regions', topology: regionTopology(USUAL_REGIONS) },
];

/** Which nodes are linked. Regions bring their own latency. */
export function TopologyField(): VNode {
  const { topology: own } = written.value;
  const choices =
    own === undefined
      ? CHOICES
      : [
          ...CHOICES,
          { value: own.kind, label: `your own, ${own.links.length} links`, topology: own },
        ];
  const { topology } = parameters.value;
  return (
    <>
      <label class="field">
        <span>Topology</span>
        <Dropdown
          label="Topology"
          value={topology.kind}
          options={choices}
          onChange={(kind) => {
            const choice = choices.find(({ value }) => value === kind);
            if (choice !== undefined) setParameters({ topology: choice.topology });
          }}
        />
      </label>
      {topology.kind === 'regions' && <RegionFields topology={topology} />}
    </>
  );
}
