/** Where the nodes of a mesh stand on a ring, and the ways between them. Lengths in CSS pixels. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface RingNode extends Point {
  readonly node: number;
  readonly label: Point & { readonly anchor: 'start' | 'middle' | 'end' };
}

export interface RingLayout {
  readonly centre: Point;
  /** Of a node's circle. */
  readonly radius: number;
  /** True: there is room beside a node for its phase and a count. */
  readonly hasFullLabels: boolean;
  /** By node index. */
  readonly nodes: readonly RingNode[];
  /** By node index, its place on the rim, clockwise from the top. */
  readonly places: readonly number[];
}

/** The way from one node to another: a quadratic curve. */
export interface Way {
  readonly start: Point;
  readonly bend: Point;
  readonly end: Point;
}

const MANY_NODES = 6;
/** Smaller than this in either direction nodes and labels are small too. */
const SMALL_HEIGHT = 280;
const SMALL_WIDTH = 340;

/**
 * The order in which nodes stand on the rim, n0 first: clockwise down one half of the tree and up the other, so that
 * most hops run between neighbours. @param parents by node; undefined where it is not known, which keeps all in order of index
 */
export function treeOrder(parents: readonly (number | undefined)[]): number[] {
  const nodes = parents.map((_, node) => node);
  if (parents.some((parent, node) => node > 0 && parent === undefined)) return nodes;
  const childrenOf = (node: number): number[] =>
    nodes.filter((child) => child > 0 && parents[child] === node);
  const down = (node: number): number[] => [node, ...childrenOf(node).flatMap(down)];
  const branches = childrenOf(0).map(down);
  const left: number[] = [];
  const right: number[] = [];
  for (const branch of branches) {
    if (right.length <= left.length) right.push(...branch);
    else left.push(...branch);
  }
  const order = [0, ...right, ...left.reverse()];
  // A ring in what was told of parents leaves its nodes out of every branch.
  return order.length === nodes.length ? order : nodes;
}

/** @param order node indices clockwise from the top */
export function ringLayout(
  size: { readonly width: number; readonly height: number },
  order: readonly number[],
): RingLayout {
  const isMany = order.length > MANY_NODES;
  const isSmall = size.height < SMALL_HEIGHT || size.width < SMALL_WIDTH;
  const radius = isSmall ? (isMany ? 13 : 15) : isMany ? 17 : 21;
  const hasFullLabels = !isMany && size.width >= SMALL_WIDTH;
  const sideRoom = radius + (hasFullLabels ? 84 : 52);
  const endRoom = radius + 22;
  const reach = {
    x: Math.max(radius * 2, size.width / 2 - sideRoom),
    y: Math.max(radius * 2, size.height / 2 - endRoom),
  };
  const across = Math.min(reach.x, reach.y * 1.3);
  const upright = Math.min(reach.y, across * 1.3);
  const centre = { x: size.width / 2, y: size.height / 2 };
  const places = new Array<number>(order.length).fill(0);
  const nodes = new Array<RingNode>(order.length);
  order.forEach((node, place) => {
    const angle = (2 * Math.PI * place) / order.length;
    const side = { x: Math.sin(angle), y: -Math.cos(angle) };
    const point = { x: centre.x + across * side.x, y: centre.y + upright * side.y };
    places[node] = place;
    nodes[node] = { node, ...point, label: labelAt(point, side, radius, isMany) };
  });
  return { centre, radius, hasFullLabels, nodes, places };
}

/** Beside the node on the outer side; under it at the bottom, and over it at the top where neighbours are close. */
function labelAt(point: Point, side: Point, radius: number, isMany: boolean): RingNode['label'] {
  if (side.y > 0.6) return { x: point.x, y: point.y + radius + 16, anchor: 'middle' };
  if (isMany && side.y < -0.9) return { x: point.x, y: point.y - radius - 8, anchor: 'middle' };
  const isLeft = side.x < -0.01;
  const gap = radius + 10;
  return { x: point.x + (isLeft ? -gap : gap), y: point.y + 4, anchor: isLeft ? 'end' : 'start' };
}

/** How far a way along the rim bows out, and one across bows in, as a share of its length or of the way to the centre. */
const BOW_OUT = 0.12;
const BOW_IN = 0.3;

/** Between neighbours along the rim, else bowed towards the centre; it starts and ends at the circles. */
export function wayBetween(layout: RingLayout, from: number, to: number): Way | undefined {
  const [a, b] = [layout.nodes[from], layout.nodes[to]];
  if (a === undefined || b === undefined || a === b) return undefined;
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const inwards = { x: layout.centre.x - middle.x, y: layout.centre.y - middle.y };
  const bend = isNeighbour(layout, from, to)
    ? moved(middle, inwards, (-BOW_OUT * distance(a, b)) / Math.max(1, length(inwards)))
    : moved(middle, inwards, BOW_IN);
  return { start: edgeOf(a, bend, layout.radius), bend, end: edgeOf(b, bend, layout.radius) };
}

export function isNeighbour({ places }: RingLayout, from: number, to: number): boolean {
  const apart = Math.abs((places[from] ?? 0) - (places[to] ?? 0));
  return apart === 1 || apart === places.length - 1;
}

/** The point of a way at a share of it, 0 to 1. */
export function pointOn({ start, bend, end }: Way, share: number): Point {
  const rest = 1 - share;
  const along = (axis: 'x' | 'y'): number =>
    rest * rest * start[axis] + 2 * rest * share * bend[axis] + share * share * end[axis];
  return { x: along('x'), y: along('y') };
}

/** As SVG path data. */
export function wayPath({ start, bend, end }: Way): string {
  const at = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return `M${at(start)}Q${at(bend)} ${at(end)}`;
}

/** Length of the dashes that show `share` of a circle of this radius. */
export function arcDashes(radius: number, share: number): string {
  const round = 2 * Math.PI * radius;
  return `${(round * share).toFixed(1)} ${round.toFixed(1)}`;
}

function edgeOf(node: Point, towards: Point, radius: number): Point {
  const way = { x: towards.x - node.x, y: towards.y - node.y };
  return moved(node, way, radius / Math.max(1, length(way)));
}

function moved(point: Point, way: Point, share: number): Point {
  return { x: point.x + way.x * share, y: point.y + way.y * share };
}

function length({ x, y }: Point): number {
  return Math.hypot(x, y);
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
