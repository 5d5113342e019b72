import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { startRequestSchema, type CapsuleSummary } from '../../../src/model/api.ts';
import { UPGRADE_DEADLINE_MS } from '../../../src/model/paramLimits.ts';
import { upgradePlanSchema } from '../../../src/model/upgradePlan.ts';
import {
  DEFAULT_PARAMETERS,
  parameters,
  refusalOf,
  setParameters,
  setParams,
  startRequest,
} from '../../../webview/state/parameters.ts';
import { parseParameters } from '../../../webview/state/parseParameters.ts';
import {
  capsulesBefore,
  changeUpgrade,
  chooseFrom,
  strategyOf,
} from '../../../webview/state/upgradeChoice.ts';

const [NEW, OLD] = ['a'.repeat(64), 'b'.repeat(64)];

afterEach(() => {
  chooseFrom(undefined);
  parameters.value = DEFAULT_PARAMETERS;
});

describe('the upgrade of the next run', () => {
  it('is none until a Capsule is chosen, and then what a plan takes by default', () => {
    assert.ok(!('upgrade' in startRequest(NEW)));
    chooseFrom(OLD);
    const { upgrade } = startRequestSchema.parse(startRequest(NEW));
    assert.deepEqual(upgrade, upgradePlanSchema.parse({ from: OLD }));
  });

  it('has as long as upgrades have, and a first start as long as before', () => {
    setParameters({ deadlineMs: 70_000 });
    chooseFrom(OLD);
    assert.equal(startRequest(NEW).deadlineMs, UPGRADE_DEADLINE_MS);
    chooseFrom(undefined);
    assert.equal(startRequest(NEW).deadlineMs, 70_000);
    setParameters({ deadlineMs: 900_000 });
    chooseFrom(OLD);
    assert.equal(startRequest(NEW).deadlineMs, 900_000);
  });

  it('goes again as it was chosen to go after a first start', () => {
    chooseFrom(OLD);
    changeUpgrade({ strategy: strategyOf('canary'), rollback: 'never' });
    const before = parameters.value.upgrade;
    chooseFrom(undefined);
    changeUpgrade({ rollback: 'after-all' });
    assert.equal(parameters.value.upgrade, undefined);
    chooseFrom(OLD);
    assert.deepEqual(parameters.value.upgrade, before);
  });

  it('comes back the same from its JSON, with faults that wait for its waves', () => {
    chooseFrom(OLD);
    changeUpgrade({ strategy: { kind: 'rolling', batch: 2, pauseMs: 10 }, order: 'n0-last' });
    const when = [{ wave: 2 }, { upgrade: 'mixed' as const }];
    const faults = when.map((one) => ({ when: one, do: { kill: 'n1', restartAfterMs: 5 } }));
    setParameters({ chaos: { preset: 'none', faults } });
    assert.deepEqual(parseParameters(JSON.stringify(parameters.value)), parameters.value);
    assert.equal(refusalOf(parameters.value), undefined);
    chooseFrom(undefined);
    assert.match(refusalOf(parameters.value) ?? '', /^chaos\.faults\[0\]\.when\.wave waits for/);
  });

  it('has no wave that is larger than the mesh, and canaries that leave one node', () => {
    chooseFrom(OLD);
    changeUpgrade({ strategy: { kind: 'rolling', batch: 5, pauseMs: 0 } });
    setParams({ nodes: 3 });
    const strategy = () => parameters.value.upgrade?.strategy;
    assert.deepEqual(strategy(), { kind: 'rolling', batch: 3, pauseMs: 0 });
    changeUpgrade({ strategy: { kind: 'canary', nodes: 2, bakeMs: 0 } });
    setParams({ nodes: 2 });
    assert.deepEqual(strategy(), { kind: 'canary', nodes: 1, bakeMs: 0 });
  });

  it('goes with objectives that may fail the run', () => {
    chooseFrom(OLD);
    setParameters({ failOnObjectives: true });
    assert.equal(refusalOf(parameters.value), undefined);
  });

  it('starts from the others of the same product, newest first', () => {
    const list = ['pay 4', 'other 3', 'pay 2', 'pay 1'].map((words) => {
      const [name = '', capsuleHash = ''] = words.split(' ');
      return { name, capsuleHash } as CapsuleSummary;
    });
    const from = (hash: string | undefined) =>
      capsulesBefore(list, hash).map(({ capsuleHash }) => capsuleHash);
    assert.deepEqual(from('4'), ['2', '1']);
    assert.deepEqual(from('2'), ['4', '1']);
    assert.deepEqual(from('3'), []);
    assert.deepEqual(from(undefined), []);
  });
});

describe('the JSON of an upgrade', () => {
  const REFUSED: readonly (readonly [string, RegExp])[] = [
    ['{"from":"8c0c"}', /upgrade\.from must be the whole hash of a Capsule/],
    [
      `{"from":"${OLD}","strategy":{"kind":"blue-green","batch":1}}`,
      /"batch" is not a part of upgrade\.strategy: kind/,
    ],
    [
      `{"from":"${OLD}","strategy":{"kind":"canary","nodes":5}}`,
      /upgrade\.strategy\.nodes must be a whole number from 1 to 4, not 5/,
    ],
    [`{"from":"${OLD}","rollback":"back"}`, /upgrade\.rollback must be one of never, after-half/],
    [`{"from":"${OLD}","since":1}`, /"since" is not a part of upgrade: from, strategy/],
  ];
  for (const [text, sentence] of REFUSED) {
    it(`says where in ${text.replace(OLD, '…')} the problem is`, () => {
      assert.throws(() => parseParameters(`{"upgrade":${text}}`), { message: sentence });
    });
  }
});
