/** Apart from schemas, so that the agent, which reads no reports, builds none. */

/** What a node does in its turn: opening its box, a build, the start of a service. */
export const TURN_KINDS = ['box', 'build', 'service'] as const;

export type TurnKind = (typeof TURN_KINDS)[number];

/** What a node wants a turn for. */
export interface Turn {
  readonly turn: TurnKind;
  /** Left out: its box is no service's. */
  readonly service?: string | undefined;
}

/** "its turn to start orders". */
export function turnWords({ turn, service = '' }: Turn): string {
  if (turn === 'box') return 'its turn to open its box';
  return `its turn to ${turn === 'build' ? 'build' : 'start'} ${service}`;
}
