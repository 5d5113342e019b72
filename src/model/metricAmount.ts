/** A measured value as people read it, with the unit that the name of its metric ends with. */
export function metricAmount(metric: string, value: number): string {
  if (metric.endsWith('-percent')) return `${Number(value.toFixed(2))} %`;
  return value >= 1000
    ? `${Number((value / 1000).toFixed(2))} s`
    : `${Number(value.toPrecision(3))} ms`;
}

/** What an objective asks for: "≤ 50 ms". */
export function metricBound(indicator: {
  readonly metric: string;
  readonly comparator: '<=' | '>=';
  readonly threshold: number;
}): string {
  const { metric, comparator, threshold } = indicator;
  return `${comparator === '<=' ? '≤' : '≥'} ${metricAmount(metric, threshold)}`;
}
