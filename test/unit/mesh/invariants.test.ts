import assert from 'node:assert/strict';
import { checkInvariants, objectivesMet, type NodeFacts } from '../../../src/mesh/invariants.ts';
import { HELD, INVARIANTS, isViolated, type InvariantName } from '../../../src/model/invariants.ts';
import type { Objective } from '../../../src/model/objective.ts';

const FINE: NodeFacts = {
  nodeId: 'n1',
  healthy: true,
  health: { from: 900.2, to: 950.7, services: 3, oneShots: 0 },
  reachable: true,
  verifiedBeforeStart: true,
  runsSignedContent: true,
  comparedAtEnd: true,
  relayedRefused: 0,
  refused: 0,
};

function found(left: string[]) {
  return { left, immortal: 0, closed: 0, missed: 0 };
}

function broken(change: Partial<NodeFacts>, unfired: string[] = [], left: string[] = []) {
  return checkInvariants({ nodes: [FINE, { ...FINE, ...change }], unfired, processes: found(left) })
    .filter(isViolated)
    .map(({ name }) => name);
}

describe('invariants', () => {
  it('come all, in the order of the evidence, each with a sentence', () => {
    const all = checkInvariants({ nodes: [FINE], unfired: [], processes: found([]) });
    assert.deepEqual(
      all.map(({ name }) => name),
      INVARIANTS,
    );
    for (const { observed, details } of all) {
      assert.equal(observed, 'held');
      assert.match(details, /\.$/);
    }
  });

  const cases: [InvariantName, Partial<NodeFacts>, string[]?, string[]?][] = [
    ['verified-before-start', { verifiedBeforeStart: false }],
    ['runs-signed-content', { runsSignedContent: false }],
    ['refused-never-relayed', { relayedRefused: 1 }],
    ['converged', { healthy: false }],
    ['converged', { health: undefined }],
    ['converged', {}, ['fault 0 (kill) never fired: …']],
    ['no-process-left', {}, [], ['gateway of n1']],
  ];
  for (const [name, change, unfired, left] of cases) {
    it(`break "${name}" alone by ${JSON.stringify({ ...change, unfired, left })}`, () => {
      assert.deepEqual(broken(change, unfired, left), [name]);
    });
  }

  it('say of programs of the machine that nothing of them is signed but what is required', () => {
    const sentence = (nodes: readonly NodeFacts[]) =>
      checkInvariants({ nodes, programs: ['cache', 'etcd'], unfired: [], processes: found([]) })
        .filter(({ name }) => name === 'runs-signed-content')
        .map(({ observed, details }) => `${observed} ${details}`)
        .join();
    const foreign =
      'Of cache, etcd, run by programs of the machine, nothing is signed but what is required of them: files, versions and digests are recorded by node.';
    const told = sentence([FINE, { ...FINE, runsSignedContent: null }]);
    assert.match(
      told,
      /^held All 1 nodes that ran packed services ran exactly the signed content, /,
    );
    assert.ok(told.endsWith(foreign), told);
    assert.equal(
      sentence([{ ...FINE, runsSignedContent: null }]),
      `not-observed No node ran services whose content could be compared. ${foreign}`,
    );
  });

  it('do not hold of nothing: what had nothing to look at was not observed', () => {
    const idle = { ...FINE, healthy: false, reachable: false, runsSignedContent: null };
    const all = checkInvariants({ nodes: [idle], unfired: [], processes: 'none-started' });
    const objectives = objectivesMet({ objectives: [], indicators: [], hasCrashed: false });
    const unobserved = [...all, objectives].filter((one) => one.observed === 'not-observed');
    assert.deepEqual(
      unobserved.map(({ name, details }) => `${name}: ${details}`),
      [
        'runs-signed-content: No node ran services whose content could be compared.',
        'converged: n0 is not up, so no node could be reached and none had to converge.',
        'objectives-met: No objective was there to be measured in this run.',
      ],
    );
  });

  it('say when nobody could look for processes, and do not call that a clean end', () => {
    const processes = { notLooked: 'processes cannot be looked up on plan9' };
    const found = checkInvariants({ nodes: [FINE], unfired: [], processes });
    assert.deepEqual(found.at(-1), {
      name: 'no-process-left',
      observed: 'not-observed',
      details:
        'Nobody could see whether a process was left: processes cannot be looked up on plan9.',
    });
  });

  it('say of a run that is held up that nobody looked for processes yet', () => {
    const facts = { nodes: [FINE], unfired: [], processes: { notLooked: HELD }, held: true };
    const [content, left] = [1, 4].map((at) => checkInvariants(facts)[at]);
    assert.match(content?.details ?? '', /when it was healthy and before it was held up\.$/);
    assert.equal(left?.observed, 'not-observed');
    assert.match(left.details, /its nodes were held up to be looked at, and ran on/);
  });

  it('say how processes were looked for, and at what nobody could look', () => {
    const details = (closed: number) =>
      checkInvariants({
        nodes: [],
        unfired: [],
        processes: { left: [], immortal: 0, closed, missed: 0 },
      }).at(-1)?.details ?? '';
    assert.match(
      details(0),
      /by folder, environment, group, session, descent and network namespace\.$/,
    );
    assert.match(details(3), /Of 3 processes that began meanwhile and are closed to this user/);
  });

  it('do not say that no process was left where some ended before anybody could look at them', () => {
    const processes = { left: [], immortal: 0, closed: 0, missed: 4 };
    const [judged] = checkInvariants({ nodes: [], unfired: [], processes }).slice(-1);
    assert.equal(judged?.observed, 'not-observed');
    assert.match(
      judged.details,
      /No process of the run was found .* 4 of this machine's processes/,
    );
  });

  it('say when health was asked, and of how many services', () => {
    const later = { ...FINE, health: { from: 910, to: 1_000.1, services: 3, oneShots: 0 } };
    const facts = { nodes: [FINE, later], unfired: [], processes: found([]) };
    const sentenceOf = (all: ReturnType<typeof checkInvariants>) =>
      all.find(({ name }) => name === 'converged')?.details;
    assert.equal(
      sentenceOf(checkInvariants(facts)),
      'After the last fault all 2 reachable nodes are healthy: each of their 6 services passed its health check, asked from 900 to 1001 ms after the run began.',
    );
    const nodes = [{ ...FINE, health: undefined }];
    assert.match(
      sentenceOf(checkInvariants({ ...facts, nodes, virtualMs: 812.4 })) ?? '',
      /looked at 812 ms after the run began; no service runs in virtual time/,
    );
  });

  it('say of one-shot services that they had ended, and were not asked', () => {
    const sentenceOf = (services: number) => {
      const health = { from: 910, to: 950, services, oneShots: 2 };
      const nodes = [{ ...FINE, health }];
      const judged = checkInvariants({ nodes, unfired: [], processes: found([]) });
      return judged.find(({ name }) => name === 'converged')?.details;
    };
    assert.equal(
      sentenceOf(1),
      'After the last fault all 1 reachable nodes are healthy: each of their 1 services passed its health check, asked from 910 to 950 ms after the run began; their 2 one-shot services had exited with code 0 before.',
    );
    assert.equal(
      sentenceOf(0),
      'After the last fault all 1 reachable nodes are healthy: their 2 one-shot services had exited with code 0, and no other was there to be asked.',
    );
  });

  it('do not ask a node to converge that can not be reached', () => {
    assert.deepEqual(broken({ healthy: false, reachable: false, runsSignedContent: null }), []);
  });

  it('say of objectives that were missed or not measured how they are measured', () => {
    const quick: Objective = {
      name: 'quick',
      metric: 'latency-p95-ms',
      comparator: '<=',
      threshold: 5,
    };
    const opens: Objective = { ...quick, name: 'opens', metric: 'time-to-healthy-ms' };
    const stated = (objective: Objective, measuredBy?: 'probes' | 'calls') => ({
      service: 'api',
      objective,
      measuredBy,
    });
    const measured = { value: 9, measuredBy: 'calls' as const, sampleSize: 20, passed: false };
    const missed = { ...quick, ...measured, name: 'api: quick' };
    const { details } = objectivesMet({
      objectives: [
        ...[stated(quick, 'calls'), stated({ ...quick, name: 'asked' }, 'probes'), stated(opens)],
      ],
      indicators: [missed],
      hasCrashed: false,
    });
    assert.equal(
      details,
      'Missed: api: quick (by calls). Not measured: api: asked (by probes); api: opens.',
    );
    const found = { objectives: [], hasCrashed: true, beyond: [stated(opens)] };
    const beyond = 'An upgrade does not measure api: opens.';
    const met = objectivesMet({ ...found, indicators: [{ ...missed, passed: true }] });
    assert.equal(met.details, `All 1 objectives that were measured were met. ${beyond}`);
    const none = objectivesMet({ ...found, indicators: [] });
    assert.equal(none.observed, 'not-observed');
    assert.equal(none.details, `No objective was there to be measured in this run. ${beyond}`);
  });
});
