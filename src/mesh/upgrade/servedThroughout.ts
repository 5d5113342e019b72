import type { Indicator } from '../../model/indicator.ts';
import type { Invariant } from '../../model/invariants.ts';
import { waysOf } from '../../model/measuredBy.ts';
import { judged, unobserved } from '../invariants.ts';

/** What is known of how services answered while nodes ran different Capsules. */
export interface Served {
  /** Availability objectives that other nodes can ask for in both Capsules, by the names of their indicators. */
  readonly promised: readonly string[];
  /** Of these, what was measured often enough in the window "mixed". */
  readonly measured: readonly Indicator[];
}

interface Facts {
  /** Left out: nobody asked services in this world. */
  readonly served?: Served | undefined;
  readonly noServices: string;
}

const WHILE =
  'While nodes ran different Capsules, at those that no wave moved or that alone could answer,';

/** A service that promises to be available is so while nodes run different Capsules, too. */
export function servedThroughout({ served, noServices }: Facts): Invariant {
  const name = 'served-throughout';
  if (served === undefined) {
    return unobserved(name, `Nobody measured whether services answered throughout: ${noServices}.`);
  }
  const { promised, measured } = served;
  if (promised.length === 0) {
    return unobserved(
      name,
      'No service promises availability in a way that can be asked for in both Capsules: give one an objective "availability-percent" by probes.',
    );
  }
  const asked = promised.filter((one) => !measured.some((indicator) => indicator.name === one));
  if (measured.length === 0) {
    return unobserved(
      name,
      `Too few probes came to an end in the window "mixed" to judge "${asked.join('", "')}".`,
    );
  }
  const missed = measured.find(({ passed }) => !passed);
  const more = asked.length === 0 ? '' : ` Too few probes judge "${asked.join('", "')}".`;
  return judged(
    name,
    missed && `${WHILE} ${wordsOf(missed)}.`,
    `${WHILE} ${measured.map(wordsOf).join('; ')}.${more}`,
  );
}

function wordsOf(indicator: Indicator): string {
  const { name, value, comparator, threshold, sampleSize } = indicator;
  return `"${name}" was ${value} % of ${sampleSize} ${waysOf(indicator)}, and is to be ${comparator} ${threshold} %`;
}
