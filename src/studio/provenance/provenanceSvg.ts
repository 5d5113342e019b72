import { markupText } from '../../base/markupText.ts';
import type { GraphEdge, GraphNode, ProvenanceGraph } from '../../model/provenanceApi.ts';
import { gutterOf, upgradeLines } from '../../model/upgradeGutter.ts';
import { treeRows, upgradeSubject } from './provenanceText.ts';

const BOX = { width: 250, height: 92, gapX: 60, gapY: 18, margin: 24 };
const COLUMNS = ['capsule', 'evidence', 'gate-decision', 'deploy'] as const;
const HEADS = ['Capsule', 'Evidence', 'Gate decision', 'Deploy'];
const COLUMNS_WIDTH = COLUMNS.length * BOX.width + (COLUMNS.length - 1) * BOX.gapX;
const HEAD_HEIGHT = 28;
const LINE_HEIGHT = 16;
/** Characters of the widest usual fonts that fit; a box clips what is wider still. */
const BOX_TEXT = 34;
const PAGE_TEXT = 170;

type Status = GraphNode['status'];

/** Shape and word carry the meaning; colour only repeats it. */
const MARKS: Record<Status, readonly [mark: string, word: string, dash: string]> = {
  proven: ['✔', 'proven', ''],
  failed: ['✖', 'failed', '7 4'],
  refused: ['⊘', 'refused', '7 4'],
  unproven: ['?', 'unproven', '2 3'],
};

/** Of a light sheet, as attributes, so that a viewer without style sheets draws it too; of a dark one as classes. */
const INK = { light: '#1f2328', dark: '#e6edf3' };
const PAPER = { light: '#ffffff', dark: '#0d1117' };
const FILL = { light: '#f6f8fa', dark: '#161b22' };
const TONES: Record<Status, { readonly light: string; readonly dark: string }> = {
  proven: { light: '#1a7f37', dark: '#3fb950' },
  failed: { light: '#b42318', dark: '#ff7b72' },
  refused: { light: '#b42318', dark: '#ff7b72' },
  unproven: { light: '#8a5a00', dark: '#d29922' },
};
const STYLE = [
  '@media (prefers-color-scheme: dark) {',
  `text { fill: ${INK.dark} } .paper { fill: ${PAPER.dark} } .box { fill: ${FILL.dark} }`,
  ...Object.entries(TONES).map(
    ([status, { dark }]) =>
      `.${status} { stroke: ${dark} } text.${status} { fill: ${dark}; stroke: none }`,
  ),
  '}',
].join(' ');

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * The chain as one SVG document that stands alone, on light and dark: a column per kind, a row per branch, rehearsed upgrades
 * at the left from one Capsule to the other, and below them in full what was upgraded, and why something is refused, failed or
 * unproven.
 */
export function provenanceSvg(graph: ProvenanceGraph): string {
  const left = BOX.margin + gutterOf(graph.upgrades.length);
  const places = layOut(graph, left);
  const width = left + COLUMNS_WIDTH + BOX.margin;
  const bottom = Math.max(0, ...[...places.values()].map(({ y }) => y + BOX.height));
  const told = findings(graph).flatMap((finding) => wrapped(finding, PAGE_TEXT));
  const foot = bottom + BOX.margin + LINE_HEIGHT;
  const height = foot + told.length * LINE_HEIGHT + BOX.margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    '<title>Chain of trust</title>',
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}" fill="${PAPER.light}"/>`,
    ...HEADS.map((head, column) =>
      text(head, { x: left + columnX(column), y: BOX.margin }, 'bold'),
    ),
    ...edgesOf(graph, places),
    ...upgradesOf(graph, places),
    ...graph.nodes.flatMap((node) => boxOf(node, places.get(node.id))),
    ...notDeployed(graph).flatMap(({ id }) => voidOf(places.get(id))),
    text(`Checked at ${graph.checkedAt}: what was altered since is not seen here.`, {
      x: BOX.margin,
      y: foot,
    }),
    ...told.map((line, at) => text(line, { x: BOX.margin, y: foot + (at + 1) * LINE_HEIGHT })),
    '</svg>\n',
  ].join('\n');
}

/** Every upgrade, and every reason in full, oldest first. */
function findings(graph: ProvenanceGraph): string[] {
  const { nodes, upgrades, problem } = graph;
  const rehearsed = upgrades.toReversed().map((edge) => {
    const [mark, word] = MARKS[edge.status];
    return `${mark} ${upgradeSubject(graph, edge)}, ${word}: ${edge.sentence}`;
  });
  const told = [...nodes]
    .sort((a, b) => a.index - b.index)
    .flatMap((node) => {
      const [mark, word] = MARKS[node.status];
      const isGlass = node.isBreakGlass === true && node.status === 'proven';
      const rules = (node.rules ?? []).filter(({ status }) => status === 'failed');
      const reasons =
        node.status === 'unproven' || rules.length === 0
          ? node.lines.slice(0, 1)
          : rules.map(({ rule, sentence }) => `${rule}: ${sentence}`);
      const subject = `${mark} ${node.title}, entry ${node.index}, ${isGlass ? 'GLASS BROKEN' : word}`;
      return node.status !== 'proven' || isGlass
        ? reasons.map((reason) => `${subject}: ${reason}`)
        : [];
    });
  const all = [...rehearsed, ...told];
  return problem === undefined ? all : [`The ledger is broken: ${problem}`, ...all];
}

/** From the left of the first one. */
function columnX(column: number): number {
  return column * (BOX.width + BOX.gapX);
}

/** A node that rests on another stands beside it when it is the first, below the last one otherwise. */
function layOut(graph: ProvenanceGraph, left: number): Map<string, Place> {
  const places = new Map<string, Place>();
  let row = -1;
  let columnBefore: number = COLUMNS.length;
  for (const { node } of treeRows(graph)) {
    const column = COLUMNS.indexOf(node.kind);
    if (column <= columnBefore) row += 1;
    columnBefore = column;
    const y = BOX.margin + HEAD_HEIGHT / 2 + row * (BOX.height + BOX.gapY);
    places.set(node.id, { x: left + columnX(column), y });
  }
  return places;
}

/** Refused gates behind which nothing follows: a box says so. */
function notDeployed({ nodes, edges }: ProvenanceGraph): GraphNode[] {
  const followed = new Set(edges.map(({ from }) => from));
  return nodes.filter(
    ({ id, kind, status }) => kind === 'gate-decision' && status === 'refused' && !followed.has(id),
  );
}

function boxOf(node: GraphNode, place: Place | undefined): string[] {
  if (place === undefined) return [];
  const { x, y } = place;
  const { title, lines, status, isBreakGlass = false, capsuleHash, index } = node;
  const [mark, word] = MARKS[status];
  const tone = isBreakGlass && status === 'proven' ? 'refused' : status;
  const label = isBreakGlass ? `${mark} ${word}, GLASS BROKEN` : `${mark} ${word}`;
  const told = wrapped(shortly(node), BOX_TEXT);
  const [first = '', second = ''] =
    told.length > 2 ? [told[0], `${told[1]?.slice(0, BOX_TEXT - 1) ?? ''}…`] : told;
  return [
    `<g><title>${markupText([title, word, ...lines].join('\n'))}</title>`,
    frame({ x, y }, tone),
    // What a font draws wider than the box is clipped at its edge.
    `<svg x="${x}" y="${y}" width="${BOX.width - 4}" height="${BOX.height}">`,
    text(title, { x: 12, y: 20 }, 'bold'),
    text(first, { x: 12, y: 37 }),
    text(second, { x: 12, y: 52 }),
    text(`${capsuleHash.slice(0, 12)}  entry ${index}`, { x: 12, y: 67 }),
    text(label, { x: 12, y: 83 }, 'bold', tone),
    '</svg></g>',
  ];
}

/** Of a refused gate which rules failed, since their names tell what they ask for; of anything else its first line. */
function shortly({ status, rules = [], lines }: GraphNode): string {
  const failed = rules.flatMap((one) => (one.status === 'failed' ? [one.rule] : []));
  return status === 'refused' && failed.length > 0
    ? `failed: ${failed.join(', ')}`
    : (lines[0] ?? '');
}

function voidOf(gate: Place | undefined): string[] {
  if (gate === undefined) return [];
  const place = { x: gate.x + BOX.width + BOX.gapX, y: gate.y };
  return [
    line(edgePath(gate, place, 0), 'refused', 'The gate refused it.'),
    frame(place, 'refused'),
    text('⊘ Not deployed', { x: place.x + 12, y: place.y + 20 }, 'bold', 'refused'),
    text('the gate refused it', { x: place.x + 12, y: place.y + 37 }),
  ];
}

function frame({ x, y }: Place, status: Status): string {
  const [, , dash] = MARKS[status];
  return `<rect class="box ${status}" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="4" fill="${FILL.light}" stroke="${TONES[status].light}"${dashed(dash)}/>`;
}

/** Each way from a box leaves it a little lower than the one before, so that none hides what another says. */
function edgesOf(graph: ProvenanceGraph, places: ReadonlyMap<string, Place>): string[] {
  const gates = new Set(
    graph.nodes.flatMap((one) => (one.kind === 'gate-decision' ? [one.id] : [])),
  );
  const leaving = new Map<string, number>();
  const height = ({ to }: GraphEdge) => places.get(to)?.y ?? 0;
  return [...graph.edges]
    .sort((a, b) => height(a) - height(b))
    .flatMap((edge) => {
      const [from, to] = [places.get(edge.from), places.get(edge.to)];
      if (from === undefined || to === undefined) return [];
      const earlier = leaving.get(edge.from) ?? 0;
      leaving.set(edge.from, earlier + 1);
      // What leads to a gate that refused holds; the refusal takes effect behind it.
      const status = edge.status === 'refused' && gates.has(edge.to) ? 'proven' : edge.status;
      return [line(edgePath(from, to, earlier), status, edge.sentence)];
    });
}

/** Each with its mark, since its way is as long as there is between two Capsules. */
function upgradesOf({ upgrades }: ProvenanceGraph, places: ReadonlyMap<string, Place>): string[] {
  return upgradeLines(upgrades, places, BOX.height).flatMap(({ status, path, head, mark, key }) => {
    const edge = upgrades.find(({ from, to }) => `${from} ${to}` === key);
    const [sign] = MARKS[status];
    return [
      line(path, status, edge?.sentence ?? ''),
      line(head, status, edge?.sentence ?? ''),
      `<circle class="box ${status}" cx="${mark.x}" cy="${mark.y}" r="8" fill="${FILL.light}" stroke="${TONES[status].light}"/>`,
      text(sign, { x: mark.x - 4, y: mark.y + 4 }, 'bold', status),
    ];
  });
}

/** More ways than this share the last place. */
const MOST_APART = 3;

function edgePath(from: Place, to: Place, earlier: number): string {
  const apart = Math.min(earlier, MOST_APART);
  const start = { x: from.x + BOX.width, y: from.y + BOX.height / 2 + 10 * apart };
  const turn = to.x - BOX.gapX / 3 - 9 * apart;
  return `M${start.x} ${start.y} H${turn} V${to.y + BOX.height / 2} H${to.x}`;
}

function line(path: string, status: Status, sentence: string): string {
  const [, , dash] = MARKS[status];
  return `<path class="${status}" d="${path}" fill="none" stroke="${TONES[status].light}" stroke-width="1.5"${dashed(dash)}><title>${markupText(sentence)}</title></path>`;
}

function dashed(dash: string): string {
  return dash === '' ? '' : ` stroke-dasharray="${dash}"`;
}

function text(content: string, { x, y }: Place, weight = 'normal', status?: Status): string {
  const fill = status === undefined ? INK.light : TONES[status].light;
  const toned = status === undefined ? '' : ` class="${status}"`;
  return `<text${toned} x="${x}" y="${y}" font-weight="${weight}" fill="${fill}">${markupText(content)}</text>`;
}

/** Breaks at spaces, and within a word that is longer than a line. */
function wrapped(sentence: string, most: number): string[] {
  const pattern = new RegExp(`(?:\\S{${most}}|.{1,${most}}(?=\\s|$))\\s*`, 'g');
  return (sentence.match(pattern) ?? []).map((one) => one.trim());
}
