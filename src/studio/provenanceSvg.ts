import type { GraphEdge, GraphNode, ProvenanceGraph } from '../model/api.ts';
import { treeRows } from './provenanceText.ts';

const BOX = { width: 250, height: 78, gapX: 60, gapY: 18, margin: 24 };
const COLUMNS = ['capsule', 'evidence', 'gate-decision', 'deploy'] as const;
const HEADS = ['Capsule', 'Evidence', 'Gate decision', 'Deploy'];
const HEAD_HEIGHT = 28;
const MAX_TEXT = 38;

/** Shape and word carry the meaning; colour only repeats it. */
const MARKS: Record<GraphNode['status'], readonly [mark: string, word: string, colour: string]> = {
  proven: ['✔', 'proven', '#1a7f37'],
  failed: ['✖', 'failed', '#b42318'],
  refused: ['⊘', 'refused', '#b42318'],
  unproven: ['?', 'unproven', '#8a5a00'],
};

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function clipped(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The chain as a self-contained SVG 1.1 document: a column per kind, a row per branch, titles for the full sentences. */
export function provenanceSvg(graph: ProvenanceGraph): string {
  const places = layOut(graph);
  const rows = Math.max(0, ...[...places.values()].map(({ y }) => y)) + BOX.height + BOX.margin;
  const width = 2 * BOX.margin + COLUMNS.length * BOX.width + (COLUMNS.length - 1) * BOX.gapX;
  const drawn = [
    ...HEADS.map((head, column) => text(head, { x: columnX(column), y: BOX.margin }, 'bold')),
    ...graph.edges.flatMap((edge) => edgeOf(edge, places)),
    ...graph.nodes.flatMap((node) => boxOf(node, places.get(node.id))),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${rows}" viewBox="0 0 ${width} ${rows}" font-family="system-ui, sans-serif" font-size="12">`,
    '<title>Chain of trust</title>',
    `<rect width="${width}" height="${rows}" fill="#ffffff"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function columnX(column: number): number {
  return BOX.margin + column * (BOX.width + BOX.gapX);
}

/** A node that rests on another stands beside it when it is the first, below the last one otherwise. */
function layOut(graph: ProvenanceGraph): Map<string, Place> {
  const places = new Map<string, Place>();
  let row = -1;
  let columnBefore: number = COLUMNS.length;
  for (const { node } of treeRows(graph)) {
    const column = COLUMNS.indexOf(node.kind);
    if (column <= columnBefore) row += 1;
    columnBefore = column;
    const y = BOX.margin + HEAD_HEIGHT / 2 + row * (BOX.height + BOX.gapY);
    places.set(node.id, { x: columnX(column), y });
  }
  return places;
}

function text(content: string, { x, y }: Place, weight = 'normal', fill = '#1f2328'): string {
  return `<text x="${x}" y="${y}" font-weight="${weight}" fill="${fill}">${escaped(content)}</text>`;
}

function boxOf(node: GraphNode, place: Place | undefined): string[] {
  if (place === undefined) return [];
  const { x, y } = place;
  const [mark, word, colour] = MARKS[node.status];
  const dash = node.status === 'proven' ? '' : ' stroke-dasharray="5 3"';
  const label = node.isBreakGlass === true ? `${mark} ${word}, GLASS BROKEN` : `${mark} ${word}`;
  return [
    `<g><title>${escaped([node.title, word, ...node.lines].join('\n'))}</title>`,
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="4" fill="#f6f8fa" stroke="${colour}"${dash}/>`,
    text(clipped(node.title), { x: x + 12, y: y + 20 }, 'bold'),
    text(clipped(node.lines[0] ?? ''), { x: x + 12, y: y + 38 }),
    text(`${node.capsuleHash.slice(0, 12)}  entry ${node.index}`, { x: x + 12, y: y + 54 }),
    text(label, { x: x + 12, y: y + 70 }, 'bold', colour),
    '</g>',
  ];
}

function edgeOf(edge: GraphEdge, places: ReadonlyMap<string, Place>): string[] {
  const [from, to] = [places.get(edge.from), places.get(edge.to)];
  if (from === undefined || to === undefined) return [];
  const colour = MARKS[edge.status][2];
  const start = { x: from.x + BOX.width, y: from.y + BOX.height / 2 };
  const end = { x: to.x, y: to.y + BOX.height / 2 };
  const middle = end.x - BOX.gapX / 2;
  const dash = edge.status === 'proven' ? '' : ' stroke-dasharray="5 3"';
  return [
    `<path d="M${start.x} ${start.y} H${middle} V${end.y} H${end.x}" fill="none" stroke="${colour}"${dash}><title>${escaped(edge.sentence)}</title></path>`,
  ];
}
