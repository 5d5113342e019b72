import assert from 'node:assert/strict';
import { isViolated } from '../../../src/model/invariants.ts';
import { observed, startsOn, upgrade, wavesOf } from '../../support/observedUpgrade.ts';
import { eventsOf, ON_HOST, type RealRun } from '../../support/realRun.ts';
import { healthyService } from '../../support/tinyProduct.ts';
import {
  createUpgradedProduct,
  NOTED_CHECK,
  NOTED_MIGRATION,
  NOTED_SEED,
  upgradePlan,
  type UpgradedProduct,
} from '../../support/upgradedProduct.ts';

/** Little is asked of it: a busy machine answers late. */
const PROMISE = {
  ...{ name: 'the door opens', metric: 'availability-percent', comparator: '>=', threshold: 5 },
};
/** Of two Capsules, which nobody measures. */
const START = {
  ...{ name: 'it starts', metric: 'time-to-healthy-ms', comparator: '<=', threshold: 100_000 },
};

const WORKLOAD = `console.log('the workload runs'); setInterval(() => 0, 1000);`;

describe('runtime/real: an upgrade', () => {
  let upgraded: UpgradedProduct;
  before(async () => {
    upgraded = await createUpgradedProduct(
      '',
      { migrate: NOTED_MIGRATION, seedState: NOTED_SEED, objectives: [PROMISE, START] },
      {
        checks: [{ name: 'what was started is noted', service: 'web', run: NOTED_CHECK }],
        workload: { service: 'web', run: ['node', '-e', WORKLOAD], on: 'n1' },
      },
      [healthyService('plain')],
    );
  });
  after(() => upgraded.product.dispose());

  describe('there, back and there again', () => {
    let ran: RealRun;
    before(async () => {
      // Between waves long enough for probes to be judged by, also where a busy machine asks four times less.
      const plan = upgradePlan(upgraded, { order: 'listed', workloadMs: 4_000 });
      ran = await upgrade(
        upgraded.product,
        { ...plan, failOnObjectives: true },
        { before: upgraded.before },
      );
    });

    it('passes, and tells its waves and windows in their order', () => {
      const { observation } = ran;
      assert.equal(observation.outcome, 'pass', observation.cause);
      assert.equal(observation.upgrade?.outcome, 'completed');
      assert.deepEqual(wavesOf(observation), ['new n0 ok', 'old n0 ok', 'new n0 ok', 'new n1 ok']);
      assert.deepEqual(
        observation.upgrade.windows.map(({ window }) => window),
        ['before', 'mixed', 'rolled-back', 'mixed', 'after'],
      );
    });

    it('has the first find what its command left there, and then each what the other had left, migrated by its own command, and compares that', () => {
      assert.equal(startsOn(ran, 'n0'), 'seeded old to-new new to-old old to-new new');
      assert.equal(startsOn(ran, 'n1'), 'seeded old to-new new');
      const kept = observed(ran.observation, 'no-state-lost');
      assert.equal(kept?.observed, 'held', kept?.details);
      assert.match(kept.details, /^In each of 4 moves .*: 12 files and folders in all/);
    });

    it('judges what was verified, what ran after each wave, and the way back', () => {
      for (const name of ['every-version-verified', 'upgraded-runs-signed-content', 'way-back']) {
        const found = observed(ran.observation, name);
        assert.equal(found?.observed, 'held', found?.details);
      }
    });

    it('judges what services answered while nodes ran different Capsules, asked by probes all the time', () => {
      const { observation, events } = ran;
      const served = observed(observation, 'served-throughout');
      assert.equal(served?.observed, 'held', served?.details);
      assert.match(served.details, /"web: the door opens" was [\d.]+ % of \d+ probes/);
      const mixed = observation.upgrade?.indicators.find(({ window }) => window === 'mixed');
      const told = eventsOf(events, 'probes').filter(
        ({ service, window }) => service === 'web' && window === 'mixed',
      );
      const count = told.reduce((sum, { latencyMs, failed }) => sum + latencyMs.length + failed, 0);
      assert.equal(mixed?.sampleSize, count);
      assert.deepEqual(
        observation.indicators.map(({ name, passed }) => `${name} ${passed}`),
        ['web: the door opens true'],
      );
      assert.ok(eventsOf(events, 'probes').every(({ window }) => window !== undefined));
      if (observation.network.services === undefined) return;
      assert.match(
        served.details,
        /No node refused connections to "plain" outside of its own waves/,
      );
      const plain = observation.upgrade?.answers.map(({ service, nodeId }) => [service, nodeId]);
      assert.deepEqual(plain?.toSorted(), [
        ['plain', 'n0'],
        ['plain', 'n1'],
      ]);
    });

    it('fails by objectives where its plan says so: by those of the Capsule that all run then', () => {
      const met = observed(ran.observation, 'objectives-met');
      assert.equal(met?.observed, 'held', met?.details);
      assert.equal(
        met.details,
        'All 1 objectives that were measured were met. An upgrade does not measure web: it starts.',
      );
    });

    it('checks before the first wave and after each, on each node, with the new content', () => {
      const { observation, events } = ran;
      const held = observed(observation, 'checks-held');
      assert.equal(held?.observed, 'held', held?.details);
      assert.match(held.details, /^All 10 runs of 1 checks passed: 2 in before, 4 in mixed, /);
      assert.match(held.details, /on n0, n1\. The workload ran on n1 meanwhile\.$/);
      const said = eventsOf(events, 'log').filter(({ text }) => text.startsWith('checked: '));
      assert.deepEqual(
        said.filter(({ nodeId }) => nodeId === 'n0').map(({ text }) => text),
        ['before 0', 'mixed 1', 'rolled-back 2', 'mixed 3', 'after 4'].map(
          (at) => `checked: ${at}`,
        ),
      );
      const { checks = [], workload } = observation.upgrade ?? {};
      assert.deepEqual(
        checks.map(({ nodeId, wave, outcome }) => `${nodeId} ${wave} ${outcome}`),
        [0, 1, 2, 3, 4].flatMap((wave) => [`n0 ${wave} passed`, `n1 ${wave} passed`]),
      );
      assert.deepEqual(workload, { nodeId: 'n1', outcome: 'ran' });
    });

    it('spreads the new Capsule while all nodes serve the old one', () => {
      const { events } = ran;
      const at = (test: (event: (typeof events)[number]) => boolean) => events.findIndex(test);
      const begins = at((event) => event.type === 'window' && event.window === 'before');
      const hop = at((event) => event.type === 'hop' && event.nodeId === 'n1');
      const wave = at((event) => event.type === 'wave');
      assert.ok(begins < hop && hop < wave, `${begins} ${hop} ${wave}`);
    });
  });

  it('leaves a node that is killed in its wave on the Capsule it had chosen, goes on when it is back, and checks with the old content where its plan says so', async () => {
    const { observation, events } = await upgrade(
      upgraded.product,
      {
        ...upgradePlan(upgraded, { order: 'listed', rollback: 'never', checksFrom: 'old' }),
        chaos: {
          faults: [1, 2].map((wave) => ({
            when: { wave },
            do: { kill: 'n0', restartAfterMs: 50 },
          })),
        },
      },
      { before: upgraded.before },
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.deepEqual(wavesOf(observation), ['new n0 ok', 'new n1 ok']);
    const back = eventsOf(events, 'node').filter(({ status }) => status === 'restarted');
    assert.match(back.map(({ runs }) => runs).join(' '), /^(old|new) new$/);
    const said = eventsOf(events, 'log').filter(({ text }) => text.startsWith('checked: '));
    assert.ok(said.length > 0 && said.every(({ text }) => text.endsWith(' by old')));
    assert.match(observed(observation, 'checks-held')?.details ?? '', /checks of the old Capsule/);
    assert.equal(observation.upgrade?.outcome, 'completed');
  });

  it('keeps the old Capsule on a node that is offered a drifted new one, and says so', async () => {
    const { product, before } = upgraded;
    const drifted = await product.driftedAt('web', 'server.mjs', '// nobody signed this\n');
    const { observation } = await upgrade(
      product,
      {
        ...upgradePlan(upgraded, { rollback: 'never' }),
        drift: [{ node: 'n1', service: 'web', commit: drifted.commit }],
      },
      { ...ON_HOST, before, drifted: new Map([['n1', drifted.capsule]]) },
    );
    assert.equal(observation.outcome, 'fail');
    assert.deepEqual(wavesOf(observation), ['new n0 ok']);
    assert.equal(observation.upgrade?.outcome, 'incomplete');
    assert.match(
      observation.upgrade.halted[0]?.details ?? '',
      /^n1 halted in verify, signature mismatch: web/,
    );
    assert.match(observation.cause ?? '', /n1/);
  });

  it('goes back over a wave that fails, where its plan says so: all run the old Capsule again', async () => {
    const broken = await createUpgradedProduct(`throw new Error('cannot read what was left');`);
    try {
      const ran = await upgrade(
        broken.product,
        upgradePlan(broken, { order: 'listed', rollback: 'on-failure' }),
        { before: broken.before },
      );
      const { observation } = ran;
      assert.equal(observation.outcome, 'fail');
      assert.match(observation.cause ?? '', /"web" on n0 .*cannot read what was left/);
      assert.deepEqual(wavesOf(observation), ['new n0 failed', 'old n0 ok']);
      assert.equal(observation.upgrade?.outcome, 'rolled-back');
      assert.equal(startsOn(ran, 'n0'), 'old new old');
      const others = ['way-back', 'no-state-lost', 'every-version-verified', 'no-process-left'];
      assert.deepEqual(
        observation.invariants.filter((one) => isViolated(one) && others.includes(one.name)),
        [],
      );
    } finally {
      await broken.product.dispose();
    }
  });

  it('fails a wave whose check fails, and goes back where the plan does', async () => {
    const check = {
      ...{ name: 'what was booked is there', service: 'web', when: ['mixed'], on: 'n0' },
      run: ['node', '-e', `console.error('Error: nothing is there'); process.exit(1);`],
    };
    const migrate = { run: NOTED_MIGRATION, once: true };
    const broken = await createUpgradedProduct('', { migrate }, { checks: [check] });
    try {
      const ran = await upgrade(
        broken.product,
        upgradePlan(broken, { order: 'listed', rollback: 'on-failure' }),
        { ...ON_HOST, before: broken.before },
      );
      const { observation } = ran;
      assert.equal(observation.outcome, 'fail');
      assert.deepEqual(wavesOf(observation), ['new n0 failed', 'old n0 ok']);
      assert.equal(startsOn(ran, 'n0'), 'old to-new new to-old old');
      const held = observed(observation, 'checks-held');
      assert.equal(held?.observed, 'violated');
      assert.match(
        held.details,
        /^The check "what was booked is there" on n0, after wave 1, in mixed, failed: exited with code 1\. It said: Error: nothing is there/,
      );
    } finally {
      await broken.product.dispose();
    }
  });

  it('fails where the command that is to fill the state does, before any service starts', async () => {
    const seedState = ['node', '-e', `console.error('Error: no sample'); process.exit(3);`];
    const broken = await createUpgradedProduct('', { seedState });
    try {
      const { observation, events } = await upgrade(broken.product, upgradePlan(broken), {
        ...ON_HOST,
        before: broken.before,
      });
      assert.equal(observation.outcome, 'fail');
      assert.match(
        observation.cause ?? '',
        /^The "seedState" of service "web" on n\d exited with code 3\. It said: Error: no sample$/,
      );
      assert.equal(observation.upgrade?.outcome, 'stopped');
      assert.ok(!eventsOf(events, 'service').some(({ status }) => status === 'starting'));
    } finally {
      await broken.product.dispose();
    }
  });

  it('stops at a wave whose migration hangs, where its plan has no way back for it', async () => {
    const migrate = { run: ['node', '-e', 'setInterval(() => 0, 1000)'], deadlineMs: 300 };
    const broken = await createUpgradedProduct('', { migrate });
    try {
      const { observation } = await upgrade(
        broken.product,
        upgradePlan(broken, { order: 'listed', rollback: 'after-half' }),
        { before: broken.before },
      );
      assert.equal(observation.outcome, 'fail');
      assert.match(
        observation.cause ?? '',
        /The migration of service "web" on n0 was not done within 300 ms, its deadline \(migrate.deadlineMs\)/,
      );
      assert.equal(observation.upgrade?.outcome, 'stopped');
      const signed = observed(observation, 'runs-signed-content');
      assert.equal(signed?.observed, 'held', signed?.details);
    } finally {
      await broken.product.dispose();
    }
  });
});
