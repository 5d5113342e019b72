/**
 * How far builds and services of a node are kept apart from the machine that rehearses. `full`: network, processes and paths
 * are their own; `network`: that alone; `none`. From least to most.
 */
export const ISOLATIONS = ['none', 'network', 'full'] as const;

export type Isolation = (typeof ISOLATIONS)[number];

/** Who kept nodes from more: the machine cannot give it, or settings of the rehearsal did not ask for it. */
export const ISOLATION_LIMITS = ['machine', 'settings'] as const;

/** Why nodes were not isolated further. */
export interface IsolationLimit {
  readonly by: (typeof ISOLATION_LIMITS)[number];
  /** One clause. */
  readonly reason: string;
}

/** What may be asked for. `available`: `full`, or as much as the machine that rehearsed can give. */
export const REQUIRED_ISOLATIONS = ['full', 'available', 'network', 'any'] as const;
export type RequiredIsolation = (typeof REQUIRED_ISOLATIONS)[number];

/** As evidence states it. */
export interface StatedIsolation {
  readonly isolation?: Isolation | undefined;
  readonly isolationLimit?: IsolationLimit | undefined;
}

/** Whether nodes had at least that. What evidence leaves out, they had not. */
export function isIsolated(
  { isolation = 'none', isolationLimit }: StatedIsolation,
  required: RequiredIsolation,
): boolean {
  switch (required) {
    case 'any':
      return true;
    case 'available':
      return isolation === 'full' || isolationLimit?.by === 'machine';
    case 'network':
    case 'full':
      return ISOLATIONS.indexOf(isolation) >= ISOLATIONS.indexOf(required);
  }
}

/** How far nodes were isolated, with why not further where that is known. No sentence: words for one. */
export function isolationWords({ isolation = 'none', isolationLimit }: StatedIsolation): string {
  if (isolationLimit === undefined) return isolation;
  const { by, reason } = isolationLimit;
  const who = by === 'machine' ? 'the machine gives no more' : 'settings ask for no more';
  return `${isolation} (${who}: ${reason})`;
}

/** The least of several; undefined when there are none. */
export function leastIsolated(all: Iterable<StatedIsolation>): StatedIsolation | undefined {
  const stated = [...all];
  for (const isolation of ISOLATIONS) {
    const those = stated.filter((one) => one.isolation === isolation);
    // A node that settings kept from more could have had more, whatever the machine kept others from.
    const found = those.find(({ isolationLimit }) => isolationLimit?.by === 'settings') ?? those[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
