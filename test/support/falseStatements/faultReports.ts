import { pop, set } from '../jsonEdit.ts';
import { CHAOS, E, FAIL, R, link, one, recovery, type FalseStatement } from './edit.ts';

const report = (index: number, field: string, value: unknown) =>
  set(`${E}faults.${index}.${field}`, value);
const EARLY = '2020-01-01T00:00:00.000Z';
const SECONDS = '2026-01-05T09:00:';
const LATE = '2036-01-01T00:00:00.000Z';

/** The schedule of that run: kill, partition, slow, corruptChunks, degradeLink, pause, killService, refuse, dns, fillDisk. */
export const FAULT_REPORTS: readonly FalseStatement[] = [
  one(CHAOS, 'a fault that is not reported', /each fault of its schedule once/, pop(`${E}faults`)),
  one(CHAOS, 'a fault reported as another', /each fault of its/, report(1, 'fault', 0)),
  one(CHAOS, 'a fault before the run', /fired outside the run/, report(2, 'firedAt', EARLY)),
  one(
    CHAOS,
    'a fault that fired after the run',
    /fired outside the run/,
    report(2, 'firedAt', LATE),
  ),
  one(CHAOS, 'an end before its beginning', /ended after/, report(0, 'endedAt', EARLY)),
  one(CHAOS, 'an end after the run', /ended after/, report(0, 'endedAt', LATE)),
  one(CHAOS, 'an end of what lasts', /the plan lets last/, report(2, 'endedAt', LATE)),
  one(
    CHAOS,
    'an end of what never fired',
    /which never fired/,
    report(1, 'firedAt', null),
    report(1, 'impaired', 0),
  ),
  one(CHAOS, 'exercised chaos that never fired', /fault 4 never fired/, report(4, 'firedAt', null)),
  one(CHAOS, 'the work of what never fired', /said to have done/, report(4, 'firedAt', null)),
  one(CHAOS, 'a pass without the killed node', /never started again/, report(0, 'endedAt', null)),
  one(
    CHAOS,
    'a crash by a kill that never fired',
    /of 0 kills that fired/,
    report(0, 'firedAt', null),
  ),
  one(CHAOS, 'a kill of a node that did not crash', /found n3 up/, recovery(3, 'crashes', 0)),
  one(CHAOS, 'more packets cut off than were', /can have touched/, report(1, 'impaired', 1_000)),
  one(
    CHAOS,
    'more packets of services cut off than were',
    /impaired 41 packets of services, of 40/,
    report(1, 'impairedOfServices', 41),
  ),
  one(
    CHAOS,
    'more packets of services impaired than sent',
    /of 4000 it can have touched/,
    report(4, 'impairedOfServices', 4_001),
  ),
  one(CHAOS, 'more packets impaired than sent', /can have touched/, report(4, 'impaired', 1_000)),
  one(CHAOS, 'more chunks damaged than planned', /the plan says 2/, report(3, 'impaired', 3)),
  one(CHAOS, 'more refused than nodes refused', /that nodes refused/, report(3, 'refused', 3)),
  one(
    CHAOS,
    'a fault before the one it waits for was over',
    /fault 1 fired before what/,
    report(1, 'firedAt', `${SECONDS}01.440Z`),
  ),
  one(
    CHAOS,
    'a fault before its time',
    /fault 4 fired before what/,
    report(4, 'firedAt', `${SECONDS}00.005Z`),
  ),
  one(
    CHAOS,
    'a kill in a phase that had not begun',
    /fault 0 fired before what/,
    report(0, 'firedAt', `${SECONDS}00.490Z`),
  ),
  one(
    CHAOS,
    'a node that booted before its restart',
    /booted again before/,
    report(0, 'endedAt', `${SECONDS}01.600Z`),
  ),
  one(
    CHAOS,
    'a kill after the node was healthy for good',
    /did not boot after it is said/,
    report(0, 'firedAt', `${SECONDS}01.500Z`),
    report(0, 'endedAt', `${SECONDS}01.500Z`),
  ),
  one(CHAOS, 'a kill that overlooks a boot', /by its phases it was\./, report(0, 'booted', false)),
  one(
    CHAOS,
    'a kill that found a node booted too soon',
    /by its phases it was not/,
    set(`${E}result.nodeReports.3.phases.0.end`, `${SECONDS}00.560Z`),
    set(`${E}result.nodeReports.3.phases.1.start`, `${SECONDS}00.560Z`),
    set(`${E}result.nodeReports.3.phases.1.end`, `${SECONDS}00.560Z`),
    set(`${E}result.nodeReports.3.phases.2.start`, `${SECONDS}00.560Z`),
    set(`${E}result.nodeReports.3.phases.2.end`, `${SECONDS}00.560Z`),
  ),
  one(
    CHAOS,
    'a dropped packet that nothing but loss can have taken',
    /nothing else drops any/,
    set(`${E}network.links.2.lost`, 3),
  ),
  one(
    CHAOS,
    'more chunks dropped as damaged than planned',
    /dropped as damaged; the plan damages 2/,
    link('lost', 0),
    set(`${E}network.links.7.lost`, 0),
  ),
  one(CHAOS, 'more packets lost than dropped', /that it dropped/, link('lost', 5)),
  one(
    CHAOS,
    'a fault that was not applied and paused processes all the same',
    /not to have been applied, and yet/,
    report(5, 'notApplied', 'n1 had no services meanwhile'),
    report(5, 'endedAt', null),
  ),
  one(
    CHAOS,
    'a fault that was not applied and ended all the same',
    /not to have been applied, and yet/,
    report(8, 'notApplied', 'n2 had no services meanwhile'),
    report(8, 'answers', 0),
  ),
  one(
    CHAOS,
    'a service that came back without having been killed',
    /killed no process/,
    report(6, 'processes', 0),
  ),
  one(
    CHAOS,
    'names that failed where no node has a name server of its own',
    /takes namespaces, which only Linux gives/,
    set(`${E}environment.os`, 'darwin'),
  ),
  one(
    CHAOS,
    'a disk that was filled and never looked at',
    /nobody saw how many/,
    report(9, 'leastFree', null),
  ),
  one(
    CHAOS,
    'a disk that was left more than planned',
    /the plan says 4096/,
    report(9, 'leastFree', 100_000),
  ),
  one(
    CHAOS,
    'a disk that nothing was taken from',
    /taken 0 bytes from a disk/,
    report(9, 'filled', 0),
  ),
  one(
    FAIL,
    'faults of a plan without chaos',
    /each fault of its schedule once/,
    set(`${E}faults`, [{ fault: 0, effect: 'slow', firedAt: null, endedAt: null, impaired: 0 }]),
    set(`${R}outcome`, 'fail'),
  ),
];
