import { hostedNode } from '../hostedNodes.ts';
import { set } from '../jsonEdit.ts';
import { CHAOS, E, one, plan, VIRTUAL, type FalseStatement } from './edit.ts';

const EDGE = hostedNode();
const ON_EDGE = plan('hosts', { n1: 'edge' });
const hosts = (...stated: unknown[]) => set(`${E}hosts`, stated);
const CAME = { errorMs: { p50: 0.4, p90: 0.8, p99: 1.2 }, earlyMs: 0.1 };
const FROM_N0 = { from: 'n0', count: 40, errorMs: CAME.errorMs };
const arrivals = (more: object) => [
  ON_EDGE,
  hosts({ ...EDGE, arrivals: { ...CAME, links: [FROM_N0], ...more } }),
];

export const HOSTS: readonly FalseStatement[] = [
  one(
    CHAOS,
    'a node on another machine, where the plan does not put it',
    /n1 lived on another machine, where its plan does not put it/,
    hosts(EDGE),
  ),
  one(
    CHAOS,
    'a plan that puts a node elsewhere, and no word of it',
    /puts n1 on "edge", but it does not say that it lived there/,
    ON_EDGE,
  ),
  one(
    CHAOS,
    'a node on another host than the plan says',
    /puts n1 on "edge", but it says that it lived on "box"/,
    ON_EDGE,
    hosts({ ...EDGE, host: 'box' }),
  ),
  one(CHAOS, 'a node that lived at two places', /twice where n1 lived/, ON_EDGE, hosts(EDGE, EDGE)),
  one(
    CHAOS,
    'another machine that is this one',
    /n1 lived elsewhere, on this machine/,
    ON_EDGE,
    hosts({ ...EDGE, kind: 'local' }),
  ),
  one(
    CHAOS,
    'a clock that is known better than its round trips allow',
    /known to 0\.1 ms, but half the fastest round trip is 0\.3 ms/,
    ON_EDGE,
    hosts({ ...EDGE, clock: { ...EDGE.clock, end: { offsetMs: 5, errorMs: 0.1 } } }),
  ),
  one(
    CHAOS,
    'a fastest round trip that is slower than the usual one',
    /fastest round trip to n1 was not the fastest/,
    ON_EDGE,
    hosts({ ...EDGE, roundTripMs: { min: 0.6, p50: 0.5 } }),
  ),
  one(
    CHAOS,
    'a way that carried less than the plan asks of it',
    /the way to n1 carried 2\.0 Mbit\/s, but its plan gives n0–n1 40 Mbit\/s/,
    ON_EDGE,
    plan('bandwidth', { model: 'link', mbps: 40 }),
    hosts({ ...EDGE, pathMbps: 2 }),
  ),
  one(
    CHAOS,
    'packets that came to a node from itself',
    /something came to n1, but these are not other nodes of the run/,
    ...arrivals({ links: [{ ...FROM_N0, from: 'n1' }] }),
  ),
  one(
    CHAOS,
    'packets that came from a node of another run',
    /something came to n1, but these are not other nodes of the run/,
    ...arrivals({ links: [{ ...FROM_N0, from: 'n9' }] }),
  ),
  one(
    CHAOS,
    'how late no packet was',
    /how late what came to n1 from n0 was, but nothing came/,
    ...arrivals({ links: [{ ...FROM_N0, count: 0 }] }),
  ),
  one(
    CHAOS,
    'a median that is later than the latest',
    /what came to n1 that more of it was later than of it at all/,
    ...arrivals({ errorMs: { p50: 0.9, p90: 0.8, p99: 1.2 } }),
  ),
  one(
    CHAOS,
    'packets that came late, and timing that was kept',
    /timing error exceeds the budget, but it does not say that it is degraded/,
    ...arrivals({ errorMs: { p50: 0.4, p90: 0.8, p99: 900 } }),
  ),
  one(
    VIRTUAL,
    'a node on another machine in virtual time',
    /n1 lived on another machine, where its plan does not put it/,
    hosts(EDGE),
  ),
];
