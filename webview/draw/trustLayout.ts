import type { GraphEdge, GraphNode, ProvenanceGraph } from '../../src/model/provenanceApi.ts';
import { gutterOf, upgradeLines, type UpgradeLine } from '../../src/model/upgradeGutter.ts';

export const TRUST_COLUMNS = ['capsule', 'evidence', 'gate-decision', 'deploy'] as const;

export interface TrustBox {
  readonly id: string;
  /** Undefined: what did not happen, because the gate refused it. */
  readonly node: GraphNode | undefined;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface TrustLine {
  readonly status: GraphEdge['status'];
  readonly sentence: string;
  /** SVG path data. */
  readonly path: string;
  /** Where its mark stands. */
  readonly mark: { readonly x: number; readonly y: number };
}

export interface TrustLayout {
  readonly boxes: readonly TrustBox[];
  readonly lines: readonly TrustLine[];
  /** At the left of all boxes. */
  readonly upgrades: readonly UpgradeLine[];
  /** Where the first column begins. */
  readonly gutter: number;
  readonly height: number;
  /** False: there is no room for columns, so what follows from a box is below it, further in. */
  readonly hasColumns: boolean;
}

export const BOX_HEIGHT = 66;
const GAP_X = 42;
const GAP_Y = 20;
const LEAST_WIDTH = 112;
const INDENT = 26;

/** Four columns of at least the least width. */
const LEAST_TOTAL = TRUST_COLUMNS.length * LEAST_WIDTH + (TRUST_COLUMNS.length - 1) * GAP_X;

/**
 * Boxes of a provenance graph from left to right by what they are, one row for each end of a chain, in the order the nodes
 * come (newest first) with a Capsule beside the newest that follows from it. A refused gate has a box for the deploy that
 * did not happen. @param width CSS pixels
 */
export function trustLayout(graph: ProvenanceGraph, width: number): TrustLayout {
  const gutter = gutterOf(graph.upgrades.length);
  const room = width - gutter;
  const hasColumns = room >= LEAST_TOTAL;
  const columns = TRUST_COLUMNS.length;
  const columnWidth = (room - (columns - 1) * GAP_X) / columns;
  const inRoom = hasColumns ? placeInColumns(graph, columnWidth) : placeBelow(graph, room);
  const placed = inRoom.map((box) => ({ ...box, x: box.x + gutter }));
  const boxOf = new Map(placed.map((box) => [box.id, box]));
  const edges = [...graph.edges.map(asDrawn(graph)), ...notDeployed(graph).map(({ edge }) => edge)];
  const lines = edges.flatMap((edge) => {
    const [from, to] = [boxOf.get(edge.from), boxOf.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    const way = hasColumns ? across(from, to) : down(from, to);
    return { status: edge.status, sentence: edge.sentence, ...way };
  });
  const height = Math.max(0, ...placed.map(({ y }) => y + BOX_HEIGHT));
  const upgrades = upgradeLines(graph.upgrades, boxOf, BOX_HEIGHT);
  return { boxes: placed, lines, upgrades, gutter, height, hasColumns };
}

/** What leads to a gate that refused was checked and holds: the refusal is drawn where it takes effect, behind the gate. */
function asDrawn({ nodes }: ProvenanceGraph): (edge: GraphEdge) => GraphEdge {
  const gates = new Set(nodes.filter(({ kind }) => kind === 'gate-decision').map(({ id }) => id));
  return (edge) =>
    edge.status === 'refused' && gates.has(edge.to) ? { ...edge, status: 'proven' } : edge;
}

interface NotDeployed {
  readonly gate: string;
  readonly edge: GraphEdge;
}

function isDeployed(graph: ProvenanceGraph, gate: string): boolean {
  return graph.edges.some(({ from }) => from === gate);
}

function notDeployed(graph: ProvenanceGraph): NotDeployed[] {
  return graph.nodes
    .filter(({ id, kind, status }) => {
      return kind === 'gate-decision' && status === 'refused' && !isDeployed(graph, id);
    })
    .map(({ id, lines }) => ({
      gate: id,
      edge: { from: id, to: voidOf(id), status: 'refused', sentence: lines[0] ?? 'Refused.' },
    }));
}

function voidOf(gate: string): string {
  return `${gate} not deployed`;
}

/** What follows from each box; a box with several parents is placed by its first. */
function childrenOf(graph: ProvenanceGraph): Map<string, string[]> {
  const known = new Set(graph.nodes.map(({ id }) => id));
  const children = new Map<string, string[]>();
  const placed = new Set<string>();
  const order = new Map(graph.nodes.map(({ id }, index) => [id, index]));
  const sorted = [...graph.edges].sort(
    (left, right) => (order.get(left.to) ?? 0) - (order.get(right.to) ?? 0),
  );
  for (const { from, to } of sorted) {
    if (!known.has(from) || !known.has(to) || placed.has(to)) continue;
    placed.add(to);
    children.set(from, [...(children.get(from) ?? []), to]);
  }
  for (const { gate } of notDeployed(graph)) children.set(gate, [voidOf(gate)]);
  return children;
}

/** Boxes that follow from none that is shown, newest chain first. */
function rootsOf(graph: ProvenanceGraph, children: ReadonlyMap<string, string[]>): string[] {
  const followers = new Set([...children.values()].flat());
  const newest = new Map<string, number>();
  const order = new Map(graph.nodes.map(({ id }, index) => [id, index]));
  const newestIn = (id: string): number => {
    const known = newest.get(id);
    if (known !== undefined) return known;
    const own = order.get(id) ?? Infinity;
    newest.set(id, own);
    const found = Math.min(own, ...(children.get(id) ?? []).map(newestIn));
    newest.set(id, found);
    return found;
  };
  return graph.nodes
    .map(({ id }) => id)
    .filter((id) => !followers.has(id))
    .sort((left, right) => newestIn(left) - newestIn(right));
}

function placeInColumns(graph: ProvenanceGraph, width: number): TrustBox[] {
  const children = childrenOf(graph);
  const nodeOf = new Map(graph.nodes.map((node) => [node.id, node]));
  const boxes: TrustBox[] = [];
  let row = 0;
  const place = (id: string): void => {
    const node = nodeOf.get(id);
    const column = TRUST_COLUMNS.indexOf(node?.kind ?? 'deploy');
    boxes.push({ id, node, x: column * (width + GAP_X), y: row * (BOX_HEIGHT + GAP_Y), width });
    const following = children.get(id) ?? [];
    following.forEach((child, index) => {
      if (index > 0) row += 1;
      place(child);
    });
  };
  for (const root of rootsOf(graph, children)) {
    place(root);
    row += 1;
  }
  return boxes;
}

function placeBelow(graph: ProvenanceGraph, width: number): TrustBox[] {
  const children = childrenOf(graph);
  const nodeOf = new Map(graph.nodes.map((node) => [node.id, node]));
  const boxes: TrustBox[] = [];
  const place = (id: string): void => {
    const node = nodeOf.get(id);
    const column = TRUST_COLUMNS.indexOf(node?.kind ?? 'deploy');
    const x = column * INDENT;
    const y = boxes.length * (BOX_HEIGHT + GAP_Y);
    boxes.push({ id, node, x, y, width: Math.max(0, width - x) });
    for (const child of children.get(id) ?? []) place(child);
  };
  for (const root of rootsOf(graph, children)) place(root);
  return boxes;
}

type Way = Pick<TrustLine, 'path' | 'mark'>;

/** From the right side of one box to the left side of another, the mark before the second. */
function across(from: TrustBox, to: TrustBox): Way {
  const [x1, y1] = [from.x + from.width, from.y + BOX_HEIGHT / 2];
  const [x2, y2] = [to.x, to.y + BOX_HEIGHT / 2];
  const turn = x1 + 10;
  const path = y1 === y2 ? `M${x1} ${y1}H${x2}` : `M${x1} ${y1}H${turn}V${y2}H${x2}`;
  return { path, mark: { x: (turn + x2) / 2, y: y2 } };
}

/** From the left part of one box's foot to the left side of another further down. */
function down(from: TrustBox, to: TrustBox): Way {
  const x = from.x + 12;
  const y2 = to.y + BOX_HEIGHT / 2;
  return {
    path: `M${x} ${from.y + BOX_HEIGHT}V${y2}H${to.x}`,
    mark: { x: x, y: to.y - GAP_Y / 2 + 2 },
  };
}
