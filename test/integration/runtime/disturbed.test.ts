import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import type { FaultReport } from '../../../src/model/faultReport.ts';
import type { Fault } from '../../../src/model/plan.ts';
import { createTinyProduct, type TinyProduct } from '../../support/tinyProduct.ts';
import { eventsOf, rehearse, type EventOf, type RealRun } from '../../support/realRun.ts';
import { WRITE } from '../../support/writingService.ts';

/**
 * On n0 it asks the service of n1 over and over, by name and on a new connection, and says what came of it and how long that took. On n1 it writes to
 * its journal all the while, and says so too.
 */
const ASKER = `${WRITE}
import { createServer, get } from 'node:http';
createServer((request, response) => response.end('ok')).listen(process.env.PORT, '0.0.0.0');
function ask() {
  const began = performance.now();
  const again = (words) => {
    console.log('asked ' + words + ' ' + (performance.now() - began).toFixed(1));
    setTimeout(ask, 20);
  };
  get({ host: 'web.n1', port: process.env.PORT, timeout: 700, agent: false }, (response) => {
    response.resume().on('end', () => again('ok')).on('error', (error) => again(error.code));
  }).on('timeout', function () { this.destroy(Object.assign(new Error(), { code: 'silence' })); })
    .on('error', (error) => again(error.code));
}
if (process.env.NODE === 'n0') ask();
else setInterval(write, 100);
`;

const SERVICE = {
  name: 'web',
  files: { 'server.mjs': ASKER },
  entry: {
    env: { NODE: '${node.id}', PORT: '${port:http}', JOURNAL: '${state}' },
    ports: { http: 7301 },
    health: { intervalMs: 50, timeoutMs: 1_000, deadlineMs: 60_000, tcp: { port: 'http' } },
    objectives: [
      { name: 'there', metric: 'availability-percent', comparator: '>=', threshold: 99 },
    ],
  },
};

/** Long enough for a busy machine to ask several times. */
const FOR_MS = 2_500;
const UP = { node: 'n1', phase: 'healthy', progress: 1 } as const;
const then = (afterFault: number) => ({ afterFault, delayMs: 1_000 });

/** From n0 to n1, ms; back it takes one. */
const FAR_MS = 40;
const SLOWER = 4;

/** Each once the one before is over. */
const FAULTS: Fault[] = [
  { when: UP, do: { refuse: { from: ['n0'], to: ['n1'], oneWay: false }, forMs: FOR_MS } },
  {
    when: then(0),
    do: { dns: { nodes: ['n0'], names: ['web.n1'], mode: 'fail' }, forMs: FOR_MS },
  },
  { when: then(1), do: { pause: 'n1', forMs: FOR_MS } },
  { when: then(2), do: { killService: { node: 'n1' } } },
  // What n0 asks for meanwhile is of no account to it.
  { when: then(0), do: { fillDisk: 'n1', leaveBytes: 200_000, forMs: FOR_MS } },
  {
    when: then(3),
    do: { partition: { from: ['n0'], to: ['n1'], oneWay: false }, healAfterMs: FOR_MS },
  },
  // These two stay.
  {
    when: then(5),
    do: { degradeLink: { from: 'n0', to: 'n1', delay: { kind: 'constant', ms: FAR_MS } } },
  },
  { when: then(6), do: { slow: 'n1', factor: SLOWER } },
  // Nobody on n1 asks for a name: this only keeps the run going while n0 asks its slow node.
  {
    when: { afterFault: 7, delayMs: 0 },
    do: { dns: { nodes: ['n1'], names: ['web.n0'], mode: 'fail' }, forMs: FOR_MS },
  },
];
const [REFUSED, NAMELESS, PAUSED, KILLED, FULL, CUT, DEGRADED, SLOW] = [0, 1, 2, 3, 4, 5, 6, 7];

/** Why this machine gives services no wire; undefined: it does. */
function hindrance(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has TUN devices';
  try {
    closeSync(openSync('/dev/net/tun', 'r+'));
    return undefined;
  } catch (error) {
    return String(error);
  }
}

const plan = { params: { nodes: 2, latencyMs: [1, 1] as [number, number] }, deadlineMs: 60_000 };

const suite = hindrance() === undefined ? describe : describe.skip;
suite('runtime/real: faults that act on services (needs a TUN device)', () => {
  let product: TinyProduct;
  let run: RealRun;
  before(async () => {
    product = await createTinyProduct([SERVICE]);
    run = await rehearse(product, { ...plan, chaos: { faults: FAULTS } });
  });
  after(() => product.dispose());

  const told = (fault: number, status: EventOf<'fault'>['status']) =>
    eventsOf(run.events, 'fault').find((one) => one.fault === fault && one.status === status);
  /** What n0 was answered between these times, as its own words say, and how long that took at least if it began then. */
  const asked = (from: number, to = Infinity) => {
    const lines = eventsOf(run.events, 'log').flatMap(({ nodeId, text, at }) => {
      const [first, what = '', took = ''] = text.split(' ');
      const isWithin = nodeId === 'n0' && first === 'asked' && at > from && at < to;
      return isWithin ? [{ what, took: Number(took), began: at - Number(took) }] : [];
    });
    const answered = lines.filter(({ what, began }) => what === 'ok' && began > from);
    return {
      words: lines.map(({ what }) => what),
      seen: new Set(lines.map(({ what }) => what)),
      least: Math.min(...answered.map(({ took }) => took)),
    };
  };
  const timeOf = (fault: number, status: EventOf<'fault'>['status']) =>
    told(fault, status)?.at ?? NaN;
  /** Until the next fault: what was met while it acted may be told when it is over. */
  const seenOf = (fault: number, next: number): Set<string> =>
    asked(timeOf(fault, 'fired'), timeOf(next, 'fired')).seen;
  const report = <Effect extends FaultReport['effect']>(fault: number, effect: Effect) => {
    const found = run.observation.faults[fault];
    assert.ok(found?.effect === effect, `fault ${fault} is reported as ${found?.effect ?? 'none'}`);
    assert.ok(!('notApplied' in found), 'it was applied');
    return found as Extract<FaultReport, { effect: Effect }>;
  };

  it('leave a product that passes when all of them are over', () => {
    assert.equal(run.observation.outcome, 'pass', run.observation.cause);
  });

  it('refuse: connections are reset at once, and told as refused', () => {
    const seen = seenOf(REFUSED, NAMELESS);
    assert.ok(seen.has('ECONNREFUSED'), [...seen].join(', '));
    assert.ok(report(REFUSED, 'refuse').packets > 0);
  });

  it('dns: the name fails as of a server that cannot say, and is counted', () => {
    const seen = seenOf(NAMELESS, PAUSED);
    assert.ok(seen.has('EAI_AGAIN'), [...seen].join(', '));
    assert.ok(report(NAMELESS, 'dns').answers > 0);
  });

  it('pause: a service that is stopped takes connections and says nothing', () => {
    const seen = seenOf(PAUSED, KILLED);
    assert.ok(seen.has('silence'), [...seen].join(', '));
    assert.ok(report(PAUSED, 'pause').processes > 0);
  });

  it('partition: nobody answers once it is there, probes fail, and packets of services are counted', () => {
    const { words } = asked(timeOf(CUT, 'fired'), timeOf(CUT, 'healed'));
    // What was told late may be of before; one question follows the other.
    const met = words.slice(words.indexOf('silence'));
    assert.ok(words.includes('silence') && !met.includes('ok'), words.join(', '));
    assert.ok(asked(timeOf(CUT, 'healed')).seen.has('ok'), 'it healed');
    assert.ok((report(CUT, 'partition').impairedOfServices ?? 0) > 0);
    const failed = eventsOf(run.events, 'probes').filter(
      ({ at, status, over }) => at > timeOf(CUT, 'fired') && status === 'failed' && over === 'wire',
    );
    assert.ok(failed.length > 0);
  });

  it('degradeLink and slow: packets of services take as long as the plan says, and are counted', () => {
    const { least: far } = asked(timeOf(DEGRADED, 'fired'), timeOf(SLOW, 'fired'));
    // A connection and a request: each goes there and comes back.
    assert.ok(far >= 2 * (FAR_MS + 1) && far < Infinity, `${far} ms`);
    const { least: slow } = asked(timeOf(SLOW, 'fired'));
    assert.ok(slow >= 2 * (FAR_MS + SLOWER) && slow < Infinity, `${slow} ms`);
    assert.ok((report(DEGRADED, 'degradeLink').impairedOfServices ?? 0) > 0);
    assert.ok((report(SLOW, 'slow').impairedOfServices ?? 0) > 0);
  });

  it('fillDisk: a service is told that no space is left, and writes again once there is', () => {
    const full = report(FULL, 'fillDisk');
    assert.ok(full.filled > 0);
    assert.equal(full.leastFree, 0);
    const until = told(FULL, 'healed')?.at ?? Infinity;
    const wrote = eventsOf(run.events, 'log').filter(({ text }) => text.startsWith('wrote'));
    assert.deepEqual(
      new Set(wrote.filter(({ at }) => at < until).map(({ text }) => text)),
      new Set(['wrote', 'wrote not: ENOSPC']),
    );
    // What it met just before may be told just after.
    assert.equal(wrote.findLast(({ at }) => at > until)?.text, 'wrote');
  });

  it('killService: its node starts it again, and says that it is healthy', () => {
    const killed = report(KILLED, 'killService');
    assert.ok(killed.processes > 0);
    assert.notEqual(killed.endedAt, null);
    const statuses = eventsOf(run.events, 'service')
      .filter(({ nodeId }) => nodeId === 'n1')
      .map(({ status }) => status);
    assert.deepEqual(statuses.slice(-5), ['healthy', 'exited', 'starting', 'healthy', 'stopped']);
  });
});
