import type { Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { parameters } from '../../state/parameters.ts';
import { Mark } from '../../ui/Mark.tsx';

/** The parameters in one row, for a page too narrow for the form; pressed, it shows the form. */
export function ParameterSummary({ isOpen }: { readonly isOpen: Signal<boolean> }): VNode {
  const { params, chaos, drift } = parameters.value;
  const [from, to] = params.latencyMs;
  const parts = [
    `${from} to ${to} ms`,
    `${params.packetLoss} % loss`,
    `verify ${params.verifySignatures ? 'on' : 'off'}`,
    ...(chaos.preset === 'none' ? [] : [chaos.preset]),
    ...drift.map(({ node }) => `drift ${node}`),
  ];
  return (
    <button
      type="button"
      class="panel-summary"
      aria-expanded={isOpen.value}
      title="Change the parameters"
      onClick={() => (isOpen.value = !isOpen.value)}
    >
      <Mark name="sliders" />
      <strong>{params.nodes} nodes</strong>
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </button>
  );
}
