import assert from 'node:assert/strict';
import { ServingPlaces } from '../../../src/runtime/real/servingPlaces.ts';
import type { SwitchCommand } from '../../../src/runtime/real/switch/control.ts';

function bench() {
  const done: string[] = [];
  const places = new ServingPlaces(2, (command: SwitchCommand) => {
    if (command.type === 'lead') {
      done.push(`lead ${command.places.map(({ node, place }) => `${node}:${place}`).join(' ')}`);
    } else if (command.type === 'retire') done.push(`retire ${command.node}:${command.place}`);
  });
  const tell = (node: number) => done.push(`tell ${node}`);
  return { places, done, tell };
}

describe('the places in which services serve', () => {
  it('are exchanged for all nodes in one step, before any of them is told', () => {
    const { places, done, tell } = bench();
    places.lead([0, 1], tell);
    assert.deepEqual(done, ['lead 0:1 1:1', 'tell 0', 'tell 1']);
    for (const node of [0, 1]) places.tookOver(node);
    places.isAlone(0);
    places.lead([0], tell);
    assert.deepEqual(done.slice(3), ['retire 0:0', 'lead 0:0', 'tell 0']);
  });

  it('stay where what was to come is given up, also after names had led there', () => {
    const { places, done, tell } = bench();
    places.lead([0, 1], tell);
    places.tookOver(1);
    places.keep([0], tell);
    assert.deepEqual(done.slice(3), ['lead 0:0', 'tell 0']);
  });

  it('are the first ones in a new life', () => {
    const { places, done, tell } = bench();
    places.lead([0], tell);
    places.tookOver(0);
    places.startsAgain(0);
    places.lead([0], tell);
    assert.deepEqual(done.slice(2), ['lead 0:0', 'lead 0:1', 'tell 0']);
  });
});
