import { set, type JsonEdit } from '../jsonEdit.ts';
import { E, one, plan, type FalseStatement } from './edit.ts';
import { judged, without } from './upgrade.ts';

const U = `${E}upgrade.`;

const ofServices = (name: string, says: RegExp, ...edits: JsonEdit[]) => {
  return one('an upgrade of services', name, says, ...edits);
};
const measured = (fields: Readonly<Record<string, unknown>>): JsonEdit => {
  return (root) => {
    for (const [field, value] of Object.entries(fields)) {
      set(`${U}indicators.0.${field}`, value)(root);
    }
  };
};
const answered = (field: string, value: unknown) => set(`${U}answers.1.${field}`, value);
const compared = (field: string, value: unknown) => set(`${U}comparisons.0.${field}`, value);

/** Of an upgrade of services, whether they were there: what they promise, and the connections that others wanted. */
export const UPGRADED_SERVICES: readonly FalseStatement[] = [
  ofServices(
    'an objective of a window that is called met',
    /was met, measured 70/,
    measured({ value: 70, sampleSize: 40 }),
  ),
  ofServices(
    'a service that was away, and served throughout',
    /"served-throughout" is "violated"/,
    measured({ value: 70, passed: false }),
  ),
  ofServices(
    'services that served throughout, and nobody asked',
    /"served-throughout" is "not-observed"/,
    without('indicators', 0),
    set(`${U}answers`, []),
  ),
  ofServices(
    'a node that refused connections, and served throughout',
    /"served-throughout" is "violated"/,
    answered('refused', 2),
  ),
  ofServices(
    'a node that left most connections without an answer, and served throughout',
    /"served-throughout" is "violated"/,
    answered('unanswered', 21),
  ),
  ofServices(
    'connections that nobody judged',
    /"served-throughout" is "held"/,
    without('indicators', 0),
    judged('served-throughout', 'not-observed'),
  ),
  ofServices(
    'more connections that failed than there were',
    /tells of 41 and 1 connections to "store" on n1 that failed, of 40/,
    answered('refused', 41),
  ),
  ofServices('connections to a node that is not there', /does not run/, answered('nodeId', 'n9')),
  ofServices('connections to a node twice', /tells twice of/, answered('nodeId', 'n0')),
  ofServices(
    'connections to a service that promises more',
    /although that promises availability/,
    answered('service', 'web'),
  ),
  ofServices(
    'connections over a wire that nobody had',
    /tells of connections over the wire, but counts no packets/,
    set(`${E}network.services`, undefined),
  ),
  ofServices(
    'services that served, and nobody says so',
    /"served-throughout" is "held"/,
    judged('served-throughout', 'not-observed'),
  ),
  ofServices(
    'a comparison that is called worse',
    /"web: there" in the window "mixed" against before does not follow/,
    compared('verdict', 'fail'),
  ),
  ofServices(
    'another effect than that of its answers',
    /against before does not follow/,
    compared('effect', 0.5),
  ),
  ofServices(
    'another sentence than its figures make',
    /against before does not follow/,
    compared('sentence', 'Not worse than before the upgrade.'),
  ),
  ofServices(
    'an indicator that was measured in both windows and not compared',
    /compares 0 indicators of the window "mixed" with those before, and has 1/,
    without('comparisons', 0),
  ),
  ofServices(
    'a regression within the upgrade that its plan does not allow',
    /was worse in the window "mixed" than before, but it does not say so/,
    plan('failOnRegression', true),
    compared('verdict', 'fail'),
  ),
  ofServices(
    'an indicator of the last window among the others',
    /not one before the last/,
    measured({ window: 'after' }),
  ),
  ofServices(
    'an indicator of a start, which is of two Capsules',
    /is not of probes/,
    measured({ metric: 'time-to-healthy-ms', measuredBy: undefined, over: undefined }),
  ),
];
