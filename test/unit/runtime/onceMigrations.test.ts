import assert from 'node:assert/strict';
import { OnceMigrations } from '../../../src/runtime/real/onceMigrations.ts';

describe('runtime/real: migrations for all of the mesh', () => {
  let told: string[];
  let once: OnceMigrations;
  const nodes = [0, 1, 2].map((index) => ({
    index,
    process: { send: (command: object) => told.push(`n${index} ${JSON.stringify(command)}`) },
  }));
  const ask = (node: number, service = 'web') => once.wanted(nodes[node]!, 7, service);
  const answers = () =>
    told.map((one) => one.replace(/ .*"answer":"(\w+)".*/, (_, answer: string) => ` ${answer}`));

  beforeEach(() => {
    told = [];
    once = new OnceMigrations();
    once.onLeg(0);
  });

  it('are done by the first node that asks: others wait, and are told that it is done', () => {
    for (const node of [1, 0]) ask(node);
    assert.deepEqual(told, ['n1 {"type":"once-answered","id":7,"answer":"run"}']);
    once.ended(nodes[1]!, 'web', true);
    ask(2);
    assert.deepEqual(answers(), ['n1 run', 'n0 done', 'n2 done']);
  });

  it('go to the next node when the one that does them crashes, and a node that crashed waits for nothing', () => {
    for (const node of [0, 1, 2]) ask(node);
    once.gone(nodes[1]!);
    once.gone(nodes[0]!);
    once.ended(nodes[0]!, 'web', true);
    assert.deepEqual(answers(), ['n0 run', 'n2 run']);
  });

  it('that failed are not tried again on that way, and anew on the next', () => {
    for (const node of [0, 1]) ask(node);
    once.ended(nodes[0]!, 'web', false);
    once.onLeg(0);
    ask(2);
    once.onLeg(1);
    ask(0);
    assert.deepEqual(answers(), ['n0 run', 'n1 failed', 'n2 failed', 'n0 run']);
  });

  it('are counted by service', () => {
    ask(0);
    ask(1, 'api');
    assert.deepEqual(answers(), ['n0 run', 'n1 run']);
  });
});
