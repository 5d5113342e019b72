import assert from 'node:assert/strict';
import { sealRun } from '../../../src/evidence/seal.ts';
import { isViolated } from '../../../src/model/invariants.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';
import { CAPSULE_KEY } from '../../support/sealedRun.ts';
import { createUpgradedProduct, upgradePlan } from '../../support/upgradedProduct.ts';

/** Asks the service here and on the other node all the time, each time anew, and ends with 1 when one does not answer. */
const ASKS = `
const http = require('http');
const fs = require('fs');
const ask = (host) => new Promise((resolve) => {
  http.get({ host, port: 4000, agent: false }, (response) => {
    let text = '';
    response.on('data', (bytes) => (text += bytes)).on('end', () => resolve(text));
  }).on('error', ({ code }) => resolve('error ' + code));
});
const seen = { web: [], 'web.n1': [] };
(async () => {
  for (;;) {
    for (const [host, answers] of Object.entries(seen)) {
      const answer = await ask(host);
      if (answers.at(-1) !== answer) answers.push(answer);
      else continue;
      console.log('answered: ' + host + ' ' + answers.join(' '));
      if (answer.startsWith('error')) process.exit(1);
    }
    const turns = Math.min(...Object.values(seen).map((answers) => answers.length));
    const asked = process.env.STATE + '/asked' + turns;
    if (!fs.existsSync(asked)) fs.writeFileSync(asked, '');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
})();`;

/** Each wave waits for it: until those that serve were asked, here and on the other node. */
const WAITS = `
const fs = require('fs');
const asked = process.env.STATE + '/asked' + (Number(process.env.MESH_SIM_WAVE) + 1);
setInterval(() => fs.existsSync(asked) && process.exit(0), 10);`;

const USERS = {
  checks: [
    {
      ...{ name: 'somebody asks', service: 'web', on: 'n0' },
      ...{ run: ['node', '-e', WAITS], deadlineMs: 60_000 },
    },
  ],
  workload: { service: 'web', run: ['node', '-e', ASKS], on: 'n0' },
};

/** Asks all names there are, and takes one answer alone. */
const ONE = `
const http = require('http');
const wanted = process.env.MESH_SIM_WINDOW === 'before' ? 'old' : 'new';
for (const host of ['web', 'web.n0', 'web.n1'])
  http.get({ host, port: 4000, agent: false }, (response) => {
    response.on('data', (bytes) => {
      if (String(bytes) !== wanted) throw new Error(host + ' is ' + bytes + ', not ' + wanted);
    });
  });`;

const ONE_SERVES = {
  checks: [{ name: 'one Capsule serves everywhere', service: 'web', run: ['node', '-e', ONE] }],
};

interface Upgraded {
  readonly more?: string;
  readonly rollback: 'after-half' | 'on-failure' | 'never';
  readonly users?: Readonly<Record<string, unknown>>;
  readonly chaos?: PlanInput['chaos'];
}

async function upgraded({ more, rollback, users = USERS, chaos }: Upgraded): Promise<RealRun> {
  const { product, before } = await createUpgradedProduct(more, {}, users);
  try {
    const upgrade = upgradePlan(
      { product, before },
      { strategy: { kind: 'blue-green' }, rollback, workloadMs: 500 },
    );
    const plan = { ...upgrade, deadlineMs: 120_000, ...(chaos && { chaos }) };
    const ran = await rehearse(product, plan, { before });
    const { observation } = ran;
    const { capsuleHash } = product.capsule;
    const { packEnvelope } = product;
    sealRun({ observation, capsuleHash, packEnvelope, key: CAPSULE_KEY, before });
    return ran;
  } finally {
    await product.dispose();
  }
}

/** All that the service named so has answered, in their order. */
function answersOf({ events }: RealRun, host: string): string | undefined {
  const said = `answered: ${host} `;
  return eventsOf(events, 'log')
    .filter(({ text }) => text.startsWith(said))
    .at(-1)
    ?.text.slice(said.length);
}

function phasesOf({ observation }: RealRun, node: number): string {
  const phases = observation.nodeReports[node]?.phases ?? [];
  return phases.map(({ name, status }) => `${name} ${status}`).join(', ');
}

const FIRST = 'boot ok, verify ok, receive ok, start ok, healthy ok';
const MOVE = 'migrate ok, start ok, healthy ok, stop ok, healthy ok';

describe('runtime/real: services that start beside those that serve', () => {
  describe('there, back and there again', () => {
    let ran: RealRun;
    before(async () => {
      ran = await upgraded({ rollback: 'after-half' });
    });

    it('passes, in waves of all nodes whose names switched when all were healthy', () => {
      const { observation } = ran;
      assert.deepEqual(observation.invariants.filter(isViolated), []);
      assert.equal(observation.outcome, 'pass', observation.cause);
      const waves = observation.upgrade?.waves ?? [];
      assert.deepEqual(
        waves.map(({ to, outcome, switchedMs }) => `${to} ${outcome} ${switchedMs !== undefined}`),
        ['new ok true', 'old ok true', 'new ok true'],
      );
      for (const node of [0, 1])
        assert.equal(phasesOf(ran, node), [FIRST, MOVE, MOVE, MOVE].join(', '));
    });

    it('answers whoever asks all through, here and over the wire, by one Capsule and then by the other', () => {
      assert.deepEqual(ran.observation.upgrade?.workload, { nodeId: 'n0', outcome: 'ran' });
      for (const host of ['web', 'web.n1']) assert.equal(answersOf(ran, host), 'old new old new');
    });

    it('runs both at once on one state, which none of them finds emptied', () => {
      const kept = ran.observation.invariants.find(({ name }) => name === 'no-state-lost');
      assert.equal(kept?.observed, 'held', kept?.details);
    });
  });

  describe('that do not become healthy', () => {
    let ran: RealRun;
    before(async () => {
      ran = await upgraded({
        more: `throw new Error('cannot read what was left');`,
        rollback: 'on-failure',
      });
    });

    it('never get the names: the wave fails, and what served serves on', () => {
      const { observation } = ran;
      assert.equal(observation.outcome, 'fail', observation.cause);
      assert.equal(observation.upgrade?.outcome, 'stopped');
      assert.deepEqual(
        observation.upgrade.waves.map(({ to, outcome, switchedMs }) => [to, outcome, switchedMs]),
        [['new', 'failed', undefined]],
      );
      assert.match(observation.cause ?? '', /"web" on n\d .*cannot read what was left/);
      const signed = observation.invariants.find(
        ({ name }) => name === 'upgraded-runs-signed-content',
      );
      assert.match(
        signed?.details ?? '',
        /"web" on n\d .*cannot read what was left\. No name had switched: every node still serves the old Capsule\.$/,
      );
      for (const host of ['web', 'web.n1']) assert.equal(answersOf(ran, host), 'old');
    });

    it('are stopped on every node, where what serves is asked once more and is healthy', () => {
      for (const node of [0, 1])
        assert.match(
          phasesOf(ran, node),
          /start error, stop ok, healthy ok$|healthy error, stop ok, healthy ok$/,
        );
      const left = ran.observation.invariants.find(({ name }) => name === 'no-process-left');
      assert.equal(left?.observed, 'held', left?.details);
    });
  });

  describe('on nodes that are killed in the midst of it', () => {
    let ran: RealRun;
    before(async () => {
      const kill = (node: string) => ({ kill: node, restartAfterMs: 50 });
      ran = await upgraded({
        ...{ rollback: 'never', users: ONE_SERVES },
        chaos: {
          faults: [
            { when: { wave: 1 }, do: kill('n0') },
            { when: { wave: 1, since: 'switched' }, do: kill('n1') },
            { when: { wave: 1, since: 'switched' }, do: { slow: 'n0', factor: 1.5 } },
            // What has taken over serves there, and what served before still answers who had asked it.
            { when: { afterFault: 2, delayMs: 500 }, do: kill('n0') },
          ],
        },
      });
    });

    interface Life {
      readonly nodeId: string;
      /** The Capsule that it came back on. */
      readonly runs: string;
      /** Of which Capsules its services started then, in their order. */
      readonly starts: readonly string[];
    }

    /** Of nodes that came back after a crash, in their order. */
    function livesAfterCrash(): Life[] {
      const { events } = ran;
      return events.flatMap((event, at) => {
        if (event.type !== 'node' || event.status !== 'restarted') return [];
        const { nodeId, runs = '' } = event;
        const since = events.slice(at + 1);
        const next = since.findIndex((other) => other.type === 'node' && other.nodeId === nodeId);
        const said = eventsOf(since.slice(0, next), 'log').filter(
          (log) => log.nodeId === nodeId && log.text.startsWith('starts: '),
        );
        return [{ nodeId, runs, starts: said.map(({ text }) => text.split(' ').at(-1) ?? '') }];
      });
    }

    it('passes, with one verified Capsule on each node, the same by all names', () => {
      const { observation } = ran;
      assert.deepEqual(observation.invariants.filter(isViolated), []);
      assert.equal(observation.outcome, 'pass', observation.cause);
      assert.deepEqual(
        observation.upgrade?.waves.map(({ to, outcome }) => `${to} ${outcome}`),
        ['new ok'],
      );
    });

    it('has each come back on one of both alone: on what it ran, and be moved again, or on what took over', () => {
      const lives = livesAfterCrash();
      assert.deepEqual(lives.map(({ nodeId }) => nodeId).toSorted(), ['n0', 'n0', 'n1']);
      for (const { nodeId, runs, starts } of lives)
        assert.deepEqual(starts, runs === 'old' ? ['old', 'new'] : ['new'], nodeId);
    });

    it('has one that is killed before the names switch come back on what it ran', () => {
      assert.equal(livesAfterCrash().find(({ nodeId }) => nodeId === 'n0')?.runs, 'old');
    });
  });
});
