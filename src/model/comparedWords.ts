import type { Comparison } from './comparison.ts';
import type { Change, NotCompared, PhaseDifference, ServiceDifference } from './runComparison.ts';

/** Words about two runs side by side, for a terminal and for the page. Carries no validator. */

/** What is said of measurements where the two were run under other conditions. */
export const OTHER_CONDITIONS =
  'They were run under other conditions: measurements stand side by side, and nothing is concluded from them.';

/** As much of a digest or commit as tells two apart. */
const DIGEST_DIGITS = 12;
const DIGEST = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** For what one side does not have. */
export const NOTHING = '–';

/** One side of a change: digests shortened, lists and objects as words, a dash where that side has nothing. */
export function valueWords(value: unknown): string {
  if (value === undefined) return NOTHING;
  if (typeof value === 'string') return DIGEST.test(value) ? value.slice(0, DIGEST_DIGITS) : value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const words = Object.entries(value).map(([key, one]: [string, unknown]) => {
    const isDeep = typeof one === 'object' && one !== null;
    const told = isDeep ? `(${valueWords(one)})` : valueWords(one);
    return isList ? told : `${key} ${told}`;
  });
  return words.length === 0 ? 'none' : words.join(', ');
}

export function isNotCompared(part: object): part is NotCompared {
  return 'notCompared' in part;
}

/** "orders: commit" of a change of a service. */
export function servicePath(service: string, { path }: Pick<Change, 'path'>): string {
  return `${service}: ${path}`;
}

/** How much of the content both have; undefined: nobody knows, or it is a service of one. */
export function chunkWords({ chunks }: Pick<ServiceDifference, 'chunks'>): string | undefined {
  if (chunks === undefined || (chunks.same === chunks.a && chunks.same === chunks.b))
    return undefined;
  return `${chunks.same} chunks are in both, of ${chunks.a} and ${chunks.b}`;
}

/** "start", of a second attempt "start, 2."; in an upgrade with its wave. */
export function phaseWords({ phase, wave, attempt }: PhaseDifference): string {
  const again = attempt === 1 ? '' : `, ${attempt}.`;
  return wave === 0 ? `${phase}${again}` : `${phase}${again}, wave ${wave}`;
}

/** B less A in seconds, with its sign; undefined where one of them has none. */
export function changeOfMs(a: number | undefined, b: number | undefined): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  const change = ((b - a) / 1000).toFixed(2);
  return Number(change) === 0 ? '0.00 s' : `${b > a ? '+' : '−'}${change.replace('-', '')} s`;
}

/** Why rows are worse, or come to nothing whatever was measured: each reason once, since most rows share it. */
export function verdictReasons(comparisons: readonly (Comparison | undefined)[]): {
  readonly worse: readonly string[];
  readonly open: readonly string[];
} {
  const all = comparisons.filter((one) => one !== undefined);
  const worse = all.filter(({ verdict }) => verdict === 'fail');
  const open = all.filter((one) => one.verdict === 'inconclusive' && one.pValue === undefined);
  return {
    worse: worse.map(({ name, sentence }) => `${name}: ${sentence}`),
    open: [...new Set(open.map(({ sentence }) => `Inconclusive: ${sentence}`))],
  };
}

/** What the comparison of all measurements says of B. */
export const VERDICTS = {
  fail: 'worse',
  pass: 'not worse',
  inconclusive: 'inconclusive',
} as const;
