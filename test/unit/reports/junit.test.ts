import assert from 'node:assert/strict';
import { SaxesParser } from 'saxes';
import { testNames } from '../../../src/evidence/testNames.ts';
import { junitOfBrokenRun, junitOfRun } from '../../../src/reports/junit.ts';
import { observationOf } from '../../support/observation.ts';
import { upgradeObservation } from '../../support/upgradeObservation.ts';

interface Case {
  readonly name: string;
  readonly seconds: number;
  result: 'passed' | 'failure' | 'error' | 'skipped';
  message: string;
}

/** Read by a strict parser: anything that is not well-formed XML 1.0 throws. */
function read(xml: string): { suite: Record<string, string>; cases: Case[] } {
  const parser = new SaxesParser();
  const cases: Case[] = [];
  let suite: Record<string, string> = {};
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const given = attributes as Record<string, string>;
    if (name === 'testsuite') suite = given;
    if (name === 'testcase') {
      const test = `${given.classname?.replace('mesh-sim.', '') ?? ''}/${given.name ?? ''}`;
      cases.push({ name: test, seconds: Number(given.time), result: 'passed', message: '' });
    }
    const last = cases.at(-1);
    if (last !== undefined && (name === 'failure' || name === 'error' || name === 'skipped')) {
      last.result = name;
      last.message = given.message ?? '';
    }
  });
  parser.write(xml).close();
  return { suite, cases };
}

describe('a run as JUnit XML', () => {
  it('lists the tests that the evidence lists, with the sentences of those that failed', () => {
    const run = observationOf({ nodes: 3, outcome: 'fail' });
    const { suite, cases } = read(junitOfRun(run));
    const { passedTests, failedTests } = testNames(run.nodeReports, run.invariants);
    const those = (result: Case['result']) =>
      cases.filter((one) => one.result === result).map(({ name }) => name);
    assert.deepEqual(those('passed').sort(), [...passedTests].sort());
    assert.deepEqual(those('failure').sort(), [...failedTests].sort());
    const verify = cases.find(({ name }) => name === 'n1/verify');
    assert.equal(verify?.message, 'n1: the Capsule signature does not match.');
    assert.equal(verify.seconds, 0.25);
    assert.deepEqual([suite.tests, suite.failures, suite.skipped].map(Number), [
      cases.length,
      failedTests.length,
      those('skipped').length,
    ]);
  });

  it('skips what was not observed, with the reason', () => {
    const run = observationOf({ nodes: 2 });
    const invariants = run.invariants.map((one) =>
      one.name === 'no-process-left'
        ? { ...one, observed: 'not-observed' as const, details: 'there is no /proc here.' }
        : one,
    );
    const { cases } = read(junitOfRun({ ...run, invariants }));
    const skipped = cases.filter(({ result }) => result === 'skipped');
    assert.deepEqual(
      skipped.map(({ name, message }) => [name, message]),
      [['invariant/no-process-left', 'Not observed: there is no /proc here.']],
    );
  });

  it('has each run of a check of the product, and the workload', async () => {
    const observed = await upgradeObservation();
    assert.ok(observed.upgrade);
    const kept = { name: 'kept', window: 'mixed', wave: 1, nodeId: 'n1' } as const;
    const checks = [
      { ...kept, window: 'before', wave: 0, outcome: 'passed' },
      { ...kept, outcome: 'failed', details: 'exited with code 1.' },
      { ...kept, nodeId: 'n2', outcome: 'unfinished', details: 'n2 went down meanwhile.' },
    ] as const;
    const workload = { nodeId: 'n0', outcome: 'ran' } as const;
    const { cases } = read(
      junitOfRun({ ...observed, upgrade: { ...observed.upgrade, checks, workload } }),
    );
    assert.deepEqual(
      cases.flatMap(({ name, result, message }) =>
        name.startsWith('check/') ? [`${name} ${result} ${message}`.trim()] : [],
      ),
      [
        'check/kept (n1, before) passed',
        'check/kept (n1, mixed, wave 1) failure exited with code 1.',
        'check/kept (n2, mixed, wave 1) skipped Not run to its end: n2 went down meanwhile.',
        'check/workload (n0) passed',
      ],
    );
  });

  it('has a failed test whenever the run failed', () => {
    const run = observationOf({ nodes: 2 });
    const cause = 'n1 took the Capsule unverified.';
    const { cases } = read(junitOfRun({ ...run, outcome: 'fail', cause }));
    assert.deepEqual(cases.at(-1), {
      ...{ name: 'run/outcome', seconds: 0, result: 'failure', message: cause },
    });
  });

  it('stays well-formed, whatever a service has printed', () => {
    const hostile = 'x"]]>\u0000\u001b[31m</failure><testcase/>&#0;\uffff\ud800 \u202e<!--';
    const run = observationOf({ nodes: 2, outcome: 'fail' });
    const invariants = run.invariants.map((one) => ({ ...one, details: hostile }));
    const { cases } = read(junitOfRun({ ...run, invariants }));
    const failed = cases.find(({ name }) => name === 'invariant/converged');
    assert.equal(
      failed?.message,
      'x"]]>\ufffd\ufffd[31m</failure><testcase/>&#0;\ufffd\ufffd \ufffd<!--',
    );
  });

  it('says of a run without an outcome that it is an error', () => {
    const broken = {
      code: 'disk-failed',
      sentence: 'It is <full>.',
      at: '2026-01-05T09:00:00.000Z',
    };
    const { suite, cases } = read(junitOfBrokenRun(broken));
    assert.equal(suite.errors, '1');
    assert.deepEqual(
      cases.map(({ result, message }) => [result, message]),
      [['error', 'It is <full>.']],
    );
  });
});
