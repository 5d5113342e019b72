import { useEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import type { GraphNode, ProvenanceGraph } from '../../../src/model/provenanceApi.ts';
import {
  BOX_HEIGHT,
  trustLayout,
  type TrustBox,
  type TrustLayout,
  type TrustLine,
} from '../../draw/trustLayout.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark, type MarkName } from '../../ui/Mark.tsx';
import { useSize } from '../../ui/useSize.ts';
import { TrustExports } from './TrustExports.tsx';
import { UpgradeLines, upgradeWordsOf } from './TrustUpgrades.tsx';

const HEADINGS = ['Capsule', 'Evidence', 'Gate decision', 'Deploy'];

/** From Capsule to deploy: every box's signature and every line's digests were checked by the server just now. */
export function ChainOfTrust({ state }: { readonly state: StudioState }): VNode {
  const { graph, page } = state;
  useEffect(() => {
    void state.loadGraph();
  }, [page.value]);
  const area = useRef<HTMLDivElement>(null);
  const { width } = useSize(area);
  const nodes = graph.value?.nodes ?? [];
  const layout =
    graph.value === undefined || width === 0 ? undefined : trustLayout(graph.value, width);
  return (
    <section class="trust" aria-label="Chain of trust">
      <h2 class="section-head">
        Chain of trust{' '}
        <span class="quiet">no PASS evidence for the exact Capsule digest, no deploy</span>
      </h2>
      {nodes.length > 0 && <TrustExports state={state} />}
      {graph.value?.problem !== undefined && (
        <p class="trust-problem" role="alert">
          {graph.value.problem} Entries may be missing here, and none from the break on is proven.
        </p>
      )}
      {graph.value !== undefined && nodes.length === 0 && (
        <p class="nothing quiet">Nothing has been packed here yet, so there is nothing to trust.</p>
      )}
      <div class="trust-area" ref={area}>
        {layout !== undefined && graph.value !== undefined && nodes.length > 0 && (
          <Drawing state={state} graph={graph.value} layout={layout} />
        )}
      </div>
      {graph.value?.next !== undefined && (
        <button type="button" class="link older" onClick={() => void state.loadOlderGraph()}>
          Older chains
        </button>
      )}
    </section>
  );
}

function Drawing(props: {
  readonly state: StudioState;
  readonly graph: ProvenanceGraph;
  readonly layout: TrustLayout;
}): VNode {
  const { state, graph, layout } = props;
  const { boxes, lines, upgrades, gutter, height, hasColumns } = layout;
  return (
    <>
      {hasColumns && (
        <ol
          class="trust-headings"
          aria-hidden="true"
          ref={(list) => list?.style.setProperty('padding-left', `${gutter}px`)}
        >
          {HEADINGS.map((heading) => (
            <li key={heading}>{heading}</li>
          ))}
        </ol>
      )}
      <div class="trust-drawing" ref={(one) => one?.style.setProperty('height', `${height}px`)}>
        <svg width="100%" height={height} aria-hidden="true">
          {lines.map((line) => (
            <Line key={line.path} line={line} />
          ))}
          <UpgradeLines lines={upgrades} />
        </svg>
        <ul>
          {boxes.map((box) => (
            <li
              key={box.id}
              ref={(item) => {
                place(item, box);
              }}
            >
              <Box state={state} node={box.node} upgrade={upgradeWordsOf(graph, box.id)} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

/** By CSSOM, since the page's policy allows no style attributes. */
function place(item: HTMLElement | null, { x, y, width }: TrustBox): void {
  if (item === null) return;
  item.style.transform = `translate(${x}px, ${y}px)`;
  item.style.width = `${width}px`;
  item.style.height = `${BOX_HEIGHT}px`;
}

function Line({ line }: { readonly line: TrustLine }): VNode {
  const { status, path, mark } = line;
  const { x, y } = mark;
  return (
    <g class={`trust-line ${status}`}>
      <path class="trust-way" d={path} />
      {status === 'proven' && (
        <>
          <circle class="trust-dot" cx={x} cy={y} r="7" />
          <path d={`M${x - 3} ${y}l2.200 2.500 4-4.500`} />
        </>
      )}
      {status === 'refused' && (
        <path d={`M${x - 7} ${y - 4}l8 8m0-8-8 8M${x + 6} ${y - 10}v20`} class="trust-stop" />
      )}
      {status === 'unproven' && (
        <>
          <circle class="trust-dot" cx={x} cy={y} r="7" />
          <text x={x} y={y + 4} text-anchor="middle">
            ?
          </text>
        </>
      )}
    </g>
  );
}

const MARKS: Record<GraphNode['status'], MarkName> = {
  proven: 'pass',
  failed: 'fail',
  refused: 'slash',
  unproven: 'pending',
};
const TONES: Record<GraphNode['status'], string> = {
  proven: 'ok',
  failed: 'err',
  refused: 'err',
  unproven: '',
};

/** What a box says of itself in one word. */
export function wordOf({ kind, status }: GraphNode): string {
  if (status === 'unproven') return 'unproven';
  if (status === 'failed') return kind === 'evidence' ? 'FAIL' : 'FAILED';
  if (status === 'refused') return 'REFUSED';
  switch (kind) {
    case 'capsule':
      return '';
    case 'evidence':
      return 'PASS';
    case 'gate-decision':
      return 'ALLOWED';
    case 'deploy':
      return 'DEPLOYED';
  }
}

export function StatusWord({ node }: { readonly node: GraphNode }): VNode {
  if (node.isBreakGlass === true && node.status === 'proven') {
    return (
      <span class="outcome-word err">
        <Mark name="flame" /> GLASS BROKEN
      </span>
    );
  }
  return (
    <span class={`outcome-word ${TONES[node.status]}`}>
      <Mark name={MARKS[node.status]} /> {wordOf(node)}
    </span>
  );
}

function Box(props: {
  readonly state: StudioState;
  readonly node: GraphNode | undefined;
  /** Of a Capsule that another was upgraded to. */
  readonly upgrade: string | undefined;
}): VNode {
  const { state, node, upgrade } = props;
  if (node === undefined) {
    return (
      <div class="trust-box void">
        <strong>
          <Mark name="slash" /> Not deployed
        </strong>
        <span class="quiet">the gate refused it</span>
      </div>
    );
  }
  const isSelected = state.trusted.value === node.id;
  // Names of environments may be long; all others leave room beside them.
  const isNameAlone = node.environment !== undefined;
  return (
    <button
      type="button"
      class={`trust-box ${node.status} ${node.isBreakGlass === true ? 'glass' : ''}`}
      aria-pressed={isSelected}
      onClick={() => {
        state.trusted.value = node.id;
        state.deploy.close();
      }}
    >
      <strong>
        <KindGlyph kind={node.kind} />
        <span class="trust-title">{nameOf(node)}</span>
        {!isNameAlone && <StatusWord node={node} />}
      </strong>
      {isNameAlone && <StatusWord node={node} />}
      {linesOf(node, upgrade).map((line) => (
        <span key={line} class="quiet">
          {line}
        </span>
      ))}
    </button>
  );
}

/** Short enough for a box; the column says what it is. */
function nameOf({ simId, environment, title }: GraphNode): string {
  return simId?.slice(0, 8) ?? environment ?? title;
}

/** Three lines fit. Of a gate that refused the rules that failed; their sentences are in the details. */
function linesOf(node: GraphNode, upgrade: string | undefined): string[] {
  const { kind, title, environment, lines, status, rules = [] } = node;
  if (kind === 'capsule') return [...lines.slice(0, 1), upgrade ?? lines[1] ?? ''];
  const failed = rules.flatMap((one) => (one.status === 'failed' ? [one.rule] : []));
  const isRefused = status === 'refused' && failed.length > 0;
  const says = isRefused ? [`failed: ${failed.join(', ')}`] : lines.slice(0, 1);
  return environment === undefined ? [...says, title] : says;
}

function KindGlyph({ kind }: { readonly kind: GraphNode['kind'] }): VNode {
  switch (kind) {
    case 'capsule':
      return <Mark name="pack" />;
    case 'evidence':
      return <Mark name="mesh" />;
    case 'gate-decision':
      return <Mark name="scales" />;
    case 'deploy':
      return <Mark name="rocket" />;
  }
}
