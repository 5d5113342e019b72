import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import { isPlacedOn, type Placement } from '../../../src/model/placement.ts';
import { parameters, setParameters } from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Switch } from '../../ui/Switch.tsx';

/** Which nodes run which service: a table of boxes to tick. A service with every box ticked is not named in the plan. */
export function PlacementFields({ state }: { readonly state: StudioState }): VNode {
  const { params, placement } = parameters.value;
  const isOpen = useSignal(false);
  /** What comes back when the switch is on again. */
  const kept = useSignal<Placement>({});
  const services = [...new Set([...state.services.value, ...Object.keys(placement)])];
  const nodes = Array.from({ length: params.nodes }, (_, index) => nodeIdOf(index));
  const isOn = isOpen.value || Object.keys(placement).length > 0;
  const toggle = (service: string, node: string): void => {
    const places = nodes.filter((one) => isPlacedOn(placement, service, one) !== (one === node));
    setParameters({ placement: placed(placement, service, places, nodes) });
  };
  return (
    <>
      <Switch
        label="Place services on chosen nodes"
        isOn={isOn}
        onChange={(next) => {
          isOpen.value = next;
          if (!next) kept.value = placement;
          setParameters({ placement: next ? kept.value : {} });
        }}
      />
      {isOn && (
        <table class="placement mono" aria-label="Placement of services">
          <thead>
            <tr>
              <th scope="col">Service</th>
              {nodes.map((node) => (
                <th scope="col" key={node}>
                  {node}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {services.map((service) => (
              <tr key={service}>
                <th scope="row">{service}</th>
                {nodes.map((node) => (
                  <td key={node}>
                    <Place service={service} node={node} onToggle={toggle} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Place(props: {
  readonly service: string;
  readonly node: string;
  readonly onToggle: (service: string, node: string) => void;
}): VNode {
  const { service, node, onToggle } = props;
  const { placement } = parameters.value;
  const isHere = isPlacedOn(placement, service, node);
  const isLast = isHere && placement[service]?.length === 1;
  return (
    <input
      type="checkbox"
      aria-label={`${service} on ${node}`}
      title={isLast ? `${service} has to run somewhere` : `${service} on ${node}`}
      checked={isHere}
      disabled={isLast}
      onChange={() => {
        onToggle(service, node);
      }}
    />
  );
}

function placed(
  placement: Placement,
  service: string,
  places: readonly string[],
  nodes: readonly string[],
): Placement {
  const others = Object.entries(placement).filter(([name]) => name !== service);
  const isEverywhere = places.length === nodes.length;
  return Object.fromEntries(isEverywhere ? others : [...others, [service, places]]);
}
