/**
 * How far builds and services of a node are kept apart from the machine that rehearses. `full`: network, processes and paths
 * are their own; `network`: that alone; `none`. From least to most.
 */
export const ISOLATIONS = ['none', 'network', 'full'] as const;

export type Isolation = (typeof ISOLATIONS)[number];

/** What may be asked for. */
export const REQUIRED_ISOLATIONS = ['full', 'network', 'any'] as const;
export type RequiredIsolation = (typeof REQUIRED_ISOLATIONS)[number];

/** Whether nodes had at least that. What evidence leaves out, they had not. */
export function isIsolated(
  isolation: Isolation | undefined = 'none',
  required: RequiredIsolation,
): boolean {
  return required === 'any' || ISOLATIONS.indexOf(isolation) >= ISOLATIONS.indexOf(required);
}

/** The least of several; undefined when there are none. */
export function leastIsolation(isolations: Iterable<Isolation>): Isolation | undefined {
  const all = new Set(isolations);
  return ISOLATIONS.find((one) => all.has(one));
}
