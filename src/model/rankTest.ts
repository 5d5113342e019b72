/** Two samples compared by ranks: no assumption about the shape of either, and one wild value moves nothing. */
export interface RankTest {
  /** Mann–Whitney's U of `left`: pairs in which left is larger, ties counted half. */
  readonly u: number;
  /** Two-sided. Exact up to EXACT_SIZE a side without ties, else normal with the correction for ties and continuity. */
  readonly p: number;
  /** Cliff's delta, −1 to 1: how much more often left is larger than right than the other way round. */
  readonly delta: number;
  /** Its 95 % confidence interval (Cliff 1993, consistent estimate of the variance; asymmetric form). */
  readonly deltaWithin: readonly [number, number];
}

const EXACT_SIZE = 20;
const Z_95 = 1.959964;

/** Midranks, 1-based, and Σ(t³ − t) over the groups of ties. */
function ranked(values: readonly number[]): { ranks: number[]; ties: number } {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  let ties = 0;
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let at = from; at < to; at += 1) ranks[order[at] ?? 0] = (from + 1 + to) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

/**
 * How many of the C(m + n, m) orders have each U, by Mann and Whitney's recurrence
 * f(u; m, n) = f(u − n; m − 1, n) + f(u; m, n − 1).
 */
function countsOfU(m: number, n: number): number[] {
  let rows = Array.from({ length: n + 1 }, () => [1]);
  for (let i = 1; i <= m; i += 1) {
    const next: number[][] = [[1]];
    for (let j = 1; j <= n; j += 1) {
      const above = rows[j] ?? [];
      const left = next[j - 1] ?? [];
      next.push(Array.from({ length: i * j + 1 }, (_, u) => (above[u - j] ?? 0) + (left[u] ?? 0)));
    }
    rows = next;
  }
  return rows[n] ?? [];
}

function exactP(u: number, m: number, n: number): number {
  const counts = countsOfU(m, n);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const tail = counts.slice(0, Math.min(u, m * n - u) + 1).reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * tail) / all);
}

function normalP(u: number, m: number, n: number, ties: number): number {
  const all = m + n;
  const variance = ((m * n) / 12) * (all + 1 - ties / (all * (all - 1)));
  if (variance <= 0) return 1;
  const z = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5) / Math.sqrt(variance);
  return Math.min(1, 2 * upperTail(z));
}

/** 1 − Φ(z) for z ≥ 0; Abramowitz and Stegun 7.1.26, off by less than 1.5e-7. */
function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 0.5 * series * Math.exp(-x * x);
}

/** For each of `values`, the share of `others` below it less the share above it. */
function dominance(values: readonly number[], others: readonly number[]): number[] {
  const sorted = [...others].sort((a, b) => a - b);
  return values.map((value) => {
    const below = firstAt(sorted, (other) => other >= value);
    const notAbove = firstAt(sorted, (other) => other > value);
    return (below - (sorted.length - notAbove)) / sorted.length;
  });
}

function firstAt(sorted: readonly number[], test: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(sorted[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function squaredDeviations(values: readonly number[], mean: number): number {
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function deltaInterval(
  left: readonly number[],
  right: readonly number[],
  delta: number,
): readonly [number, number] {
  const [m, n] = [left.length, right.length];
  // With every pair decided the same way nothing is left to vary: the interval is Cliff's own bound for that case.
  if (Math.abs(delta) === 1) {
    const smaller = Math.min(m, n);
    const bound = (smaller - Z_95 ** 2) / (smaller + Z_95 ** 2);
    return delta === 1 ? [bound, 1] : [-1, -bound];
  }
  const ofLeft = squaredDeviations(dominance(left, right), delta) / Math.max(1, m - 1);
  const ofRight = squaredDeviations(dominance(right, left), -delta) / Math.max(1, n - 1);
  const variance = ofLeft / m + ofRight / n;
  const spread = Z_95 * Math.sqrt(variance);
  const root = Math.sqrt((1 - delta ** 2) ** 2 + spread ** 2);
  const base = delta - delta ** 3;
  const scale = 1 - delta ** 2 + spread ** 2;
  return [
    Math.max(-1, (base - spread * root) / scale),
    Math.min(1, (base + spread * root) / scale),
  ];
}

/** @throws RangeError when either side is empty */
export function rankTest(left: readonly number[], right: readonly number[]): RankTest {
  const [m, n] = [left.length, right.length];
  if (m === 0 || n === 0) throw new RangeError('Both samples must have values.');
  const { ranks, ties } = ranked([...left, ...right]);
  const sum = ranks.slice(0, m).reduce((total, rank) => total + rank, 0);
  const u = sum - (m * (m + 1)) / 2;
  const isSmall = ties === 0 && m <= EXACT_SIZE && n <= EXACT_SIZE;
  const delta = (2 * u) / (m * n) - 1;
  return {
    u,
    p: isSmall ? exactP(u, m, n) : normalP(u, m, n, ties),
    delta,
    deltaWithin: deltaInterval(left, right, delta),
  };
}
