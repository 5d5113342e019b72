import type { StatedRun } from '../model/observation.ts';
import { markup, type Markup } from './markup.ts';
import { rehearsalTests, type RehearsalTest } from './rehearsalTests.ts';

/** A run that ended without an outcome: nothing was sealed. */
export interface BrokenRun {
  readonly code: string;
  readonly sentence: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * A run as JUnit XML, in the form that Jenkins, GitLab and GitHub's actions read: one suite, a case per phase of each node, per check and
 * per invariant.
 */
export function junitOfRun(run: StatedRun): string {
  const properties: [string, string][] = [
    ['simId', run.simId],
    ['capsuleHash', run.plan.capsuleHash],
    ['seed', String(run.plan.seed)],
    ['outcome', run.outcome],
  ];
  const tests = rehearsalTests(run);
  const count = (status: RehearsalTest['status']) =>
    tests.filter((test) => test.status === status).length;
  return document({
    tests: tests.length,
    failures: count('failed'),
    errors: 0,
    skipped: count('skipped'),
    seconds: (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000,
    at: run.startedAt,
    body: [
      markup`<properties>${properties.map(([name, value]) => markup`<property name="${name}" value="${value}"/>`)}</properties>\n`,
      ...tests.map(testCase),
    ],
  });
}

/** A run that could not be carried out is an error, whatever an earlier file of the same name said. */
export function junitOfBrokenRun({ code, sentence, at }: BrokenRun): string {
  return document({
    ...{ tests: 1, failures: 0, errors: 1, skipped: 0, seconds: 0, at },
    body: [
      markup`<testcase classname="mesh-sim.run" name="outcome" time="0.000"><error type="${code}" message="${sentence}">${sentence}</error></testcase>\n`,
    ],
  });
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  readonly seconds: number;
  /** ISO 8601; in the file without fractions and zone, as the format wants it (UTC). */
  readonly at: string;
  readonly body: readonly Markup[];
}

function document({ tests, failures, errors, skipped, seconds, at, body }: Suite): string {
  const counts = markup`tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${seconds.toFixed(3)}"`;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mesh-sim" ${counts}>
<testsuite name="mesh-sim" ${counts} timestamp="${at.slice(0, 19)}">
${body}</testsuite>
</testsuites>
`.text;
}

function testCase({ group, name, status, sentence, seconds }: RehearsalTest): Markup {
  const head = markup`<testcase classname="mesh-sim.${group}" name="${name}" time="${seconds.toFixed(3)}"`;
  if (status === 'skipped') return markup`${head}><skipped message="${sentence}"/></testcase>\n`;
  if (status === 'failed') {
    return markup`${head}><failure message="${sentence}">${sentence}</failure></testcase>\n`;
  }
  return markup`${head}/>\n`;
}
