import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EFFECT } from '../../../src/mesh/io.ts';
import { PHASES, type Fault, type Phase } from '../../../src/model/plan.ts';
import { eventsOf, realRunOptions, rehearse, type RealRun } from '../../support/realRun.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

const BOOTED = { node: 'n1', phase: 'boot', progress: 1 } as const;

/** What was heard of the agent of a node, in the order of the events. */
function livesOf({ events }: RealRun, node: string): string[] {
  return eventsOf(events, 'node')
    .filter(({ nodeId, status }) => nodeId === node && status !== 'stopped')
    .map(({ status }) => status);
}

/** Reports what it is told to say after `launch`, and after `stop`; ends with its orchestrator. */
function scriptedAgent(launched: readonly object[], stopped: readonly object[]): string {
  return `
const { createInterface } = require('node:readline');
const say = (reports) => reports.forEach((one) => process.stdout.write(JSON.stringify(one) + '\\n'));
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { type } = JSON.parse(line);
    if (type === 'launch') say(${JSON.stringify(launched)});
    if (type === 'stop') say(${JSON.stringify(stopped)});
    if (type === 'stop') process.stdout.end(() => process.exit(0));
  })
  .on('close', () => process.exit(1));
`;
}

function phaseReport(phase: Phase, status: 'started' | 'ok'): object {
  const b = status === 'ok' ? 1 : 0;
  return { type: 'effect', at: 0, kind: EFFECT.phase, a: PHASES.indexOf(phase), b, c: -1 };
}

describe('runtime/real: the lives of a node', () => {
  let tiny: TinyProduct;
  before(async () => {
    tiny = await createTinyProduct([healthyService()]);
  });
  after(() => tiny.dispose());

  // Two more than are killed: each has a neighbour to boot with, whatever becomes of those.
  const underChaos = (nodes: number, ...faults: Fault[]) =>
    rehearse(tiny, { params: { nodes, latencyMs: [1, 5] }, chaos: { faults } });

  it('begin again at once: the agent that was killed ends later, and is not what failed', async () => {
    const run = await underChaos(
      4,
      { when: BOOTED, do: { kill: 'n1', restartAfterMs: 0 } },
      { when: { atMs: 0 }, do: { kill: 'n2', restartAfterMs: 0 } },
    );
    assert.deepEqual(livesOf(run, 'n1'), ['up', 'crashed', 'restarted']);
    assert.deepEqual(livesOf(run, 'n2'), ['crashed', 'restarted'], 'killed before it was up');
    assert.equal(run.observation.outcome, 'pass', run.observation.cause);
  });

  it('do not begin when the node is killed once more before', async () => {
    const run = await underChaos(
      3,
      { when: BOOTED, do: { kill: 'n1', restartAfterMs: 0 } },
      { when: BOOTED, do: { kill: 'n1' } },
    );
    assert.deepEqual(livesOf(run, 'n1'), ['up', 'crashed', 'crashed']);
    assert.equal(run.observation.outcome, 'fail');
  });

  it('are seen to verify before they start services, also after the deadline', async () => {
    const { bundles } = realRunOptions(tiny);
    const agent = path.join(tiny.folder, 'scriptedAgent.cjs');
    const booting = [
      { type: 'online', at: 0, kept: 0, missing: 1 },
      phaseReport('boot', 'started'),
    ];
    const starting = { type: 'service', at: 0, service: 'web', status: 'starting' };
    const rest = [
      phaseReport('boot', 'ok'),
      phaseReport('verify', 'started'),
      phaseReport('verify', 'ok'),
    ];
    const judged = async (stopped: readonly object[]) => {
      await writeFile(
        agent,
        scriptedAgent(booting, [...stopped, { type: 'stopped', contents: [] }]),
      );
      const plan = { deadlineMs: 1_000 };
      const { observation } = await rehearse(tiny, plan, { bundles: { ...bundles, agent } });
      return observation.invariants.find(({ name }) => name === 'verified-before-start')?.observed;
    };
    assert.equal(await judged([...rest, starting]), 'held');
    assert.equal(await judged([starting, ...rest]), 'violated');
  });
});
