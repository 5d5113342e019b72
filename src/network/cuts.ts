/** Two groups of nodes and the links between them. */
export interface Cut {
  readonly fault: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly oneWay: boolean;
}

/** Whether the link is one of those that the cut is about. */
export function isAcross({ from, to, oneWay }: Omit<Cut, 'fault'>, source: number, target: number) {
  return (
    (from.includes(source) && to.includes(target)) ||
    (!oneWay && from.includes(target) && to.includes(source))
  );
}
