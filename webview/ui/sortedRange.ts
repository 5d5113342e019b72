/** Two ends in whatever order as a range. */
export function sortedRange([one, other]: readonly [number, number]): [number, number] {
  return one <= other ? [one, other] : [other, one];
}
