import type { VNode } from 'preact';

/** The parameters of the next run, and the button that starts it. */
export function MeshSimPanel(): VNode {
  return <section class="mesh-sim-panel" aria-label="Mesh-Sim parameters" />;
}
