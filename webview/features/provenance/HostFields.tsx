import type { VNode } from 'preact';
import { LOCAL_HOST } from '../../../src/model/hostKinds.ts';
import { hostsOfNodes, isSpread, type HostPlacement } from '../../../src/model/hostPlacement.ts';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import { parameters, setParameters } from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';

/** Where each node lives. Nothing where no host is described and none is written in the plan. */
export function HostFields({ state }: { readonly state: StudioState }): VNode | null {
  const { params, hosts } = parameters.value;
  const described = state.workspace.value?.hosts ?? [];
  const homes = hostsOfNodes(hosts, params.nodes);
  const written = homes.filter((host) => host !== LOCAL_HOST && !described.includes(host));
  if (described.length === 0 && written.length === 0) return null;
  const options = [
    { value: LOCAL_HOST, label: 'this machine' },
    ...described.map((host) => ({ value: host, label: host })),
    ...[...new Set(written)].map((host) => ({ value: host, label: `${host}, not described` })),
  ];
  return (
    <fieldset class="hosts">
      <legend>Hosts of nodes</legend>
      {homes.map((home, index) => {
        const node = nodeIdOf(index);
        return (
          <label key={node}>
            <span class="mono">{node}</span>
            <Dropdown
              label={`Host of ${node}`}
              value={home}
              options={options}
              onChange={(host) => {
                setParameters({ hosts: placed(homes.with(index, host)) });
              }}
            />
          </label>
        );
      })}
    </fieldset>
  );
}

/** Each node by its name; undefined: all live on this machine. */
function placed(homes: readonly string[]): HostPlacement | undefined {
  const named = Object.fromEntries(
    homes.flatMap((host, index) => (host === LOCAL_HOST ? [] : [[nodeIdOf(index), host]])),
  );
  return isSpread(named, homes.length) ? named : undefined;
}
