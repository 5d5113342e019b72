import type { VNode } from 'preact';
import type {
  GraphEdge,
  GraphNode,
  ProvenanceGraph,
  UpgradeEdge,
} from '../../../src/model/provenanceApi.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';
import { Mark, type MarkName } from '../../ui/Mark.tsx';
import { StatusWord } from './ChainOfTrust.tsx';
import { hash12 } from './format.ts';
import { GateRules } from './GateRules.tsx';

/** The checks behind one box of the chain of trust: its own, and those of the lines that lead to and from it. */
export function TrustDetails({ state }: { readonly state: StudioState }): VNode {
  const graph = state.graph.value;
  const node = graph?.nodes.find(({ id }) => id === state.trusted.value);
  if (graph === undefined || node === undefined) {
    return <p class="nothing quiet">Select a box to see how it was checked.</p>;
  }
  const { simId } = node;
  return (
    <section class="trust-details" aria-label={`Checks of ${node.title}`}>
      <h3 class="section-head">
        {node.title}
        <span class="head-end">
          <StatusWord node={node} />
        </span>
      </h3>
      <ul class="trust-lines">
        {node.lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {node.runId !== undefined && (
        <p class="trust-entry">
          Ledger entry <code title={node.runId}>{hash12(node.runId)}</code>
        </p>
      )}
      <Rules node={node} />
      <Edges
        title="Follows from"
        edges={graph.edges.filter(({ to }) => to === node.id)}
        nameOf={({ from }) => titleIn(graph, from)}
      />
      <Edges
        title="Leads to"
        edges={graph.edges.filter(({ from }) => from === node.id)}
        nameOf={({ to }) => titleIn(graph, to)}
      />
      <Edges
        title="Upgraded from"
        edges={graph.upgrades.filter(({ to, evidence }) => to === node.id || evidence === node.id)}
        nameOf={({ from }) => titleIn(graph, from)}
      />
      <Edges
        title="Upgraded to"
        edges={graph.upgrades.filter(({ from }) => from === node.id)}
        nameOf={({ to }) => titleIn(graph, to)}
      />
      {simId !== undefined && (
        <Button
          onPress={() => {
            state.openRun(simId, 'evidence');
          }}
        >
          Show evidence
        </Button>
      )}
    </section>
  );
}

/** Every rule the gate checked, those that failed first. */
function Rules({ node }: { readonly node: GraphNode }): VNode | null {
  const { rules = [], isBreakGlass = false } = node;
  if (rules.length === 0) return null;
  return (
    <>
      <h4>{isBreakGlass ? 'Allowed against failed rules, by breaking the glass' : 'Rules'}</h4>
      <GateRules rules={rules} />
    </>
  );
}

function titleIn({ nodes }: ProvenanceGraph, id: string): string {
  return nodes.find((node) => node.id === id)?.title ?? 'an entry that is not shown';
}

type Edge = GraphEdge | UpgradeEdge;

const MARKS: Record<Edge['status'], readonly [MarkName, string]> = {
  proven: ['pass', 'ok'],
  refused: ['slash', 'err'],
  failed: ['fail', 'err'],
  unproven: ['pending', ''],
};

function Edges(props: {
  readonly title: string;
  readonly edges: readonly Edge[];
  readonly nameOf: (edge: Edge) => string;
}): VNode | null {
  const { title, edges, nameOf } = props;
  if (edges.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <ul class="trust-edges">
        {edges.map((edge) => {
          const [mark, tone] = MARKS[edge.status];
          return (
            <li key={`${edge.from}${edge.to}`}>
              <Mark name={mark} tone={tone} />
              <span>
                <strong>{nameOf(edge)}</strong> {edge.status !== 'proven' && edge.status}
                <span class="quiet">{edge.sentence}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
