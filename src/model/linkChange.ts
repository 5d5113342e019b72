import type { LinkSpec } from './topology.ts';

/** What a plan says about one link; what it leaves out (or undefined) stays as it was. */
export type LinkChange = { readonly [K in keyof LinkSpec]?: LinkSpec[K] | undefined };

export function changedSpec(spec: LinkSpec, change: LinkChange): LinkSpec {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...spec, ...Object.fromEntries(given) };
}
