import assert from 'node:assert/strict';
import { nodeClaimsOf } from '../../../src/evidence/meaning/nodeClaims.ts';
import { plannedRun } from '../../../src/evidence/meaning/plannedRun.ts';
import type { Claims } from '../../../src/evidence/meaning/rule.ts';
import * as rules from '../../../src/evidence/meaning/upgradeChecks.ts';
import { upgradeClaimsOf } from '../../../src/evidence/meaning/upgradeClaims.ts';
import { readStatement } from '../../../src/evidence/statement.ts';
import type { Observed } from '../../../src/model/invariants.ts';
import type { UpgradeEvidence } from '../../../src/model/upgradeEvidence.ts';
import { genuineRun } from '../../support/genuineRuns.ts';

type CheckRun = UpgradeEvidence['checks'][number];

const GONE = 'n0 went down meanwhile.';

function check(more: Partial<CheckRun> = {}): CheckRun {
  return { name: 'kept', window: 'mixed', wave: 1, nodeId: 'n0', outcome: 'passed', ...more };
}

/** Of each round of the genuine upgrade: n1 and n2 there, back, there again, then n0. */
const ALL: CheckRun[] = [
  check({ window: 'before', wave: 0 }),
  check(),
  check({ wave: 2, window: 'rolled-back' }),
  check({ wave: 3 }),
  check({ wave: 4, window: 'after' }),
];

interface Told extends Partial<UpgradeEvidence> {
  readonly observed?: Observed;
  readonly world?: 'real' | 'virtual';
}

/** What the rules say of the genuine upgrade, told so. */
async function saidOf({ observed = 'held', world = 'real', ...told }: Told): Promise<string[]> {
  const { statementBytes } = await genuineRun('a virtual upgrade');
  const evidence = readStatement(statementBytes).predicate.meshsim_evidence;
  if (!('upgrade' in evidence)) throw new Error('It has an upgrade.');
  const changed = { ...evidence, upgrade: { ...evidence.upgrade, ...told } };
  const planned = plannedRun(evidence.plan);
  if (typeof planned === 'string') throw new Error(planned);
  const claims = {
    nodes: nodeClaimsOf(evidence),
    upgrade: upgradeClaimsOf(changed, planned, []),
    plan: { ...evidence.plan, world },
    invariants: [{ name: 'checks-held', observed, details: '' }],
  } as unknown as Claims;
  return Object.values(rules).flatMap((rule) => [...rule(claims)]);
}

describe('checks of the product, as evidence tells of them', () => {
  it('make sense where they followed waves, and "checks-held" follows from them', async () => {
    assert.deepEqual(await saidOf({ checks: ALL }), []);
    const failed = ALL.map((one) =>
      one.wave === 4 ? { ...one, outcome: 'failed' as const, details: 'It exited with 1.' } : one,
    );
    const { statementBytes } = await genuineRun('a virtual upgrade');
    const evidence = readStatement(statementBytes).predicate.meshsim_evidence;
    const waves = 'upgrade' in evidence ? evidence.upgrade.waves : [];
    const last = waves.map((wave) =>
      wave.index === 4 ? { ...wave, outcome: 'failed' as const } : wave,
    );
    const stopped = { waves: last, outcome: 'stopped' as const, checks: failed };
    assert.deepEqual(await saidOf({ ...stopped, observed: 'violated' }), []);
    const load = { nodeId: 'n1', outcome: 'ran' } as const;
    assert.deepEqual(await saidOf({ workload: load }), []);
    const open = [check({ outcome: 'unfinished', details: GONE })];
    assert.deepEqual(await saidOf({ checks: open, observed: 'not-observed' }), []);
  });

  const FALSE: readonly [string, RegExp, Told][] = [
    ['twice', /run twice/, { checks: [check(), check()] }],
    ['on a node that is not there', /no node of its run/, { checks: [check({ nodeId: 'n7' })] }],
    ['after a wave that never was', /nothing that happened/, { checks: [check({ wave: 9 })] }],
    ['in another window', /which was "mixed"/, { checks: [check({ window: 'after' })] }],
    ['out of order', /earlier waves/, { checks: [check({ wave: 3 }), check()] }],
    [
      'that failed while the upgrade went on',
      /its upgrade went on/,
      { checks: [check({ outcome: 'failed', details: 'No.' })], observed: 'violated' },
    ],
    [
      'that failed before the first wave, which came',
      /its upgrade went on/,
      {
        checks: [check({ wave: 0, window: 'before', outcome: 'failed', details: 'No.' })],
        observed: 'violated',
      },
    ],
    ['that passed and say why not', /says why it did not/, { checks: [check({ details: 'No.' })] }],
    [
      'that were not run, and nobody knows why',
      /does not say why/,
      { checks: [check({ outcome: 'unfinished' })], observed: 'not-observed' },
    ],
    ['that held where none ran', /none passed/, {}],
    [
      'that nobody observed, and passed',
      /nobody observed/,
      { checks: ALL, observed: 'not-observed' },
    ],
    ['that failed where none did', /none failed/, { checks: ALL, observed: 'violated' }],
    [
      'beside a workload that failed, and held',
      /does not say so/,
      { checks: ALL, workload: { nodeId: 'n0', outcome: 'failed', details: 'It exited with 1.' } },
    ],
    [
      'beside a workload that failed in silence',
      /how it failed/,
      { checks: ALL, workload: { nodeId: 'n0', outcome: 'failed' }, observed: 'violated' },
    ],
    ['beside a workload on no node', /no node/, { workload: { nodeId: 'n9', outcome: 'ran' } }],
    ['in virtual time', /no service runs/, { checks: ALL, world: 'virtual' }],
  ];
  for (const [what, says, told] of FALSE) {
    it(`contradict the rest: ${what}`, async () => {
      assert.match((await saidOf(told)).join(' '), says);
    });
  }
});
