import assert from 'node:assert/strict';
import packageJson from '../../../package.json' with { type: 'json' };
import { TASK_TYPE, taskArguments, taskName } from '../../../src/host/taskArguments.ts';
import { CHAOS_PRESETS } from '../../../src/model/presets.ts';

const contributed = packageJson.contributes.taskDefinitions[0]!;

describe('a mesh-sim task', () => {
  it('becomes the flags of the command line', () => {
    const definition = { type: TASK_TYPE, plan: 'crash.meshplan.json', nodes: 7, loss: 0 };

    assert.deepEqual(taskArguments(definition), [
      ...['--config', 'crash.meshplan.json'],
      ...['--nodes', '7'],
      ...['--loss', '0'],
    ]);
  });

  it('leaves out what is empty or of no use as a flag', () => {
    assert.deepEqual(taskArguments({ type: TASK_TYPE, capsule: '', chaos: null, seed: {} }), []);
  });

  it('is named after its plan, else its Capsule and chaos', () => {
    assert.equal(taskName({ plan: 'a/b.meshplan.json' }), 'a/b.meshplan.json');
    const capsule = '3f9a21'.repeat(10);
    assert.equal(taskName({ capsule, chaos: 'partition' }), 'Capsule 3f9a213f9a21, partition');
  });

  it('takes every property that the manifest offers', () => {
    assert.equal(contributed.type, TASK_TYPE);
    for (const name of Object.keys(contributed.properties)) {
      assert.equal(taskArguments({ [name]: '1' }).length, 2, name);
    }
    assert.deepEqual(contributed.properties.chaos.enum, [...CHAOS_PRESETS]);
  });
});
