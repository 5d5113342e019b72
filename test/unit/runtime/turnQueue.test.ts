import assert from 'node:assert/strict';
import type { TurnKind } from '../../../src/model/turns.ts';
import { TurnQueue } from '../../../src/runtime/real/turnQueue.ts';

/** A queue for two at once, and what it has said so far. */
function queueForTwo() {
  const said: string[] = [];
  const queue = new TurnQueue<string>({
    limit: 2,
    onGrant: ({ node, turn: { turn } }, waited) =>
      said.push(`${node} ${turn}${waited ? ' at last' : ''}`),
    onWait: ({ node, turn: { turn } }, before) => said.push(`${node} ${turn} waits for ${before}`),
    onBuilding: (isOn) => said.push(isOn ? 'building' : 'built'),
  });
  const want = (node: string, turn: TurnKind = 'service', id = 1) =>
    queue.want({ node, id, turn: { turn } });
  /** What was said since the last call. */
  const heard = () => said.splice(0);
  return { queue, want, heard };
}

describe('runtime/real: turns', () => {
  it('let as many start at once as there is room for, and the rest in the order they asked', () => {
    const { queue, want, heard } = queueForTwo();
    for (const node of ['n0', 'n1', 'n2', 'n3']) want(node);
    assert.deepEqual(heard(), [
      'n0 service',
      'n1 service',
      'n2 service waits for 0',
      'n3 service waits for 1',
    ]);
    queue.ended('n1', 1);
    assert.deepEqual(heard(), ['n2 service at last']);
    queue.ended('n1', 1);
    assert.deepEqual(heard(), [], 'a turn ends once');
  });

  it('are given back by a node that fails, which still gets those it waits for', () => {
    const { queue, want, heard } = queueForTwo();
    want('n0', 'build');
    want('n1', 'service');
    want('n2', 'build');
    want('n0', 'service', 2);
    heard();
    queue.giveBack('n0');
    assert.deepEqual(heard(), ['built', 'building', 'n2 build at last']);
    queue.ended('n0', 1);
    queue.ended('n1', 1);
    assert.deepEqual(heard(), ['n0 service at last']);
  });

  it('are told apart by their number, for a node may want several', () => {
    const { queue, want, heard } = queueForTwo();
    for (const id of [1, 2, 3]) want('n0', 'service', id);
    heard();
    queue.ended('n0', 3);
    assert.deepEqual(heard(), [], 'it waited, and wants it no more');
    want('n1');
    queue.ended('n0', 2);
    assert.deepEqual(heard(), ['n1 service waits for 0', 'n1 service at last']);
  });

  it('go back from a node that is gone: what it held and what it waited for', () => {
    const { queue, want, heard } = queueForTwo();
    want('n0', 'service', 1);
    want('n0', 'service', 2);
    want('n1');
    want('n0', 'service', 3);
    want('n2');
    heard();
    queue.forget('n0');
    assert.deepEqual(heard(), ['n1 service at last', 'n2 service at last']);
  });

  it('let one node build at a time, and nobody wait who does not build', () => {
    const { queue, want, heard } = queueForTwo();
    for (const node of ['n0', 'n1']) want(node, 'build');
    want('n2', 'box');
    assert.deepEqual(heard(), ['building', 'n0 build', 'n1 build waits for 0', 'n2 box']);
    queue.ended('n0', 1);
    assert.deepEqual(heard(), ['built', 'building', 'n1 build at last']);
    queue.forget('n2');
    assert.deepEqual(heard(), [], 'the build goes on');
    want('n3', 'build');
    heard();
    queue.endBuilds();
    queue.forget('n1');
    assert.deepEqual(heard(), ['built'], 'and nobody builds when the run is over');
  });
});
