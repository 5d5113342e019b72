import type { Access, NodeAccess } from './access.ts';
import type { LinkLayout } from './linkLayout.ts';
import { type LinkSpec, withLastMiles } from './linkSpec.ts';

/**
 * The links of a layout with the last miles of their ends. Each way that occurs gets a specification of its own, behind those of
 * the layout.
 * @param accessOf by index of a node; a plan names few
 */
export function layoutWithAccess(
  layout: LinkLayout,
  nodes: number,
  accessOf: ReadonlyMap<number, Access>,
): LinkLayout {
  if (accessOf.size === 0) return layout;
  const specs: LinkSpec[] = [...layout.specs];
  const kinds = kindsOf(accessOf);
  const known = new Map<string, number>();
  const keyOf = (from: number, to: number, path: number) =>
    `${path} ${kinds.get(from) ?? -1} ${kinds.get(to) ?? -1}`;
  const add = (from: number, to: number): void => {
    const path = layout.specOf(from, to);
    const spec = layout.specs[path];
    const key = keyOf(from, to, path);
    if (spec === undefined || known.has(key)) return;
    known.set(key, specs.length);
    specs.push(withLastMiles(spec, { from: accessOf.get(from), to: accessOf.get(to) }));
  };
  for (const node of accessOf.keys()) {
    for (let other = 0; other < nodes; other++) {
      add(node, other);
      add(other, node);
    }
  }
  const hasAccess = (node: number) => accessOf.has(node);
  return {
    specs,
    specOf: (from, to) => {
      const path = layout.specOf(from, to);
      if (path < 0 || !(hasAccess(from) || hasAccess(to))) return path;
      return known.get(keyOf(from, to, path)) ?? -1;
    },
    neighbours: layout.neighbours,
  };
}

/** By node, a number that nodes of equal last miles share. */
function kindsOf(accessOf: ReadonlyMap<number, Access>): Map<number, number> {
  const numbers = new Map<string, number>();
  return new Map(
    [...accessOf].map(([node, access]) => {
      const text = JSON.stringify(access);
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return [node, number];
    }),
  );
}

/** Whether some node has a last mile with a rate. */
export function limitsRates(access: NodeAccess | undefined): boolean {
  return Object.values(access ?? {}).some(
    ({ upBitsPerSecond, downBitsPerSecond }) =>
      upBitsPerSecond !== undefined || downBitsPerSecond !== undefined,
  );
}
