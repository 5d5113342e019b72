import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import type { GraphNode, ProvenanceGraph } from '../../../src/model/api.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark, type MarkName } from '../../ui/Mark.tsx';

const MARKS: Record<GraphNode['status'], MarkName> = {
  proven: 'pass',
  failed: 'fail',
  refused: 'slash',
  unproven: 'pending',
};

/** Capsule → evidence, one row per Capsule's pack, every edge checked by the server just now. */
export function ChainOfTrust({ state }: { readonly state: StudioState }): VNode {
  const graph = useSignal<ProvenanceGraph | undefined>(undefined);
  const { page } = state;
  useEffect(() => {
    void state.attempt(async () => {
      graph.value = await state.client.graph();
    });
  }, [page.value]);
  const packs = graph.value?.nodes.filter(({ kind }) => kind === 'capsule') ?? [];
  return (
    <section class="trust" aria-label="Chain of trust">
      <h2>Chain of trust</h2>
      {packs.length === 0 && <p class="quiet">Nothing has been packed yet.</p>}
      <ul>
        {packs.map((pack) => (
          <li key={pack.id} class="trust-row">
            <Box node={pack} />
            <ul>
              {(graph.value?.edges ?? [])
                .filter(({ from }) => from === pack.id)
                .map((edge) => (
                  <li key={edge.to} class={`edge ${edge.status}`} title={edge.sentence}>
                    <Mark
                      name={
                        edge.status === 'proven'
                          ? 'pass'
                          : edge.status === 'refused'
                            ? 'slash'
                            : 'pending'
                      }
                      tone={edge.status === 'proven' ? 'ok' : 'err'}
                    />
                    <span class="visually-hidden">{edge.status}</span>
                    <Box node={graph.value?.nodes.find(({ id }) => id === edge.to)} />
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Box({ node }: { readonly node: GraphNode | undefined }): VNode | null {
  if (node === undefined) return null;
  return (
    <div class={`box ${node.status}`}>
      <strong>
        {node.title} <Mark name={MARKS[node.status]} />{' '}
        {node.status === 'proven' ? '' : node.status}
      </strong>
      {node.lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
