import assert from 'node:assert/strict';
import { release } from 'node:os';
import { after, before, describe, it } from 'mocha';
import { CONNECTION_STATUSES } from '../../../src/model/connectionStatus.ts';
import type { MeshEvent } from '../../../src/model/events.ts';
import { createTinyProduct, type TinyProduct } from '../../support/tinyProduct.ts';
import { rehearse } from '../../support/realRun.ts';
import { talkingService, wireHindrance } from '../../support/talkingService.ts';

const DELAY_MS = 40;

function linesOf(events: readonly MeshEvent[], nodeId: string, first: string): string[][] {
  return events.flatMap((event) => {
    if (event.type !== 'log' || event.nodeId !== nodeId) return [];
    const words = event.text.split(' ');
    return words[0] === first ? [words.slice(1)] : [];
  });
}

function connectionsOf(events: readonly MeshEvent[]) {
  return events.flatMap((event) => {
    if (event.type !== 'connections') return [];
    const { link, target, targets, status, rttMs } = event.connections;
    return link.map((pair, index) => ({
      link: `n${Math.floor(pair / 2)}→n${pair % 2}`,
      target: targets[target[index] ?? -1],
      status: CONNECTION_STATUSES[status[index] ?? -1],
      rttMs: rttMs[index] ?? -1,
    }));
  });
}

const suite = wireHindrance() === undefined ? describe : describe.skip;
suite('runtime/real: services that talk to other nodes (needs a TUN device)', () => {
  const products: TinyProduct[] = [];
  let product: TinyProduct;
  const plan = { params: { nodes: 2, latencyMs: [DELAY_MS, DELAY_MS] as [number, number] } };

  before(async () => {
    product = await createTinyProduct([talkingService()]);
    products.push(product);
  });
  after(() => Promise.all(products.map((one) => one.dispose())));

  it('reach them by name at the ports of the registry, with the delays of the plan and their own addresses, in two runs at once', async () => {
    // Another run on the same machine has the same addresses and ports, and is no part of this one.
    const [{ observation, events }, beside] = await Promise.all([
      rehearse(product, { ...plan, tcp: { congestionControl: 'reno' } }),
      rehearse(product, plan),
    ]);
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.equal(beside.observation.outcome, 'pass', beside.observation.cause);
    assert.equal(beside.observation.environment.fidelity, 'kernel');
    const { environment, network } = observation;
    assert.equal(environment.fidelity, 'kernel');
    assert.deepEqual(environment.tcp, { congestionControl: 'reno' });
    assert.equal(environment.kernel, release());
    assert.ok(network.services !== undefined);
    const { sent, delivered, bytes, ...others } = network.services;
    // Both connect, ask and get an answer; what they said last may be under way at the end.
    assert.ok(delivered >= 2 * 5 && delivered <= sent && bytes > 40 * sent, `${delivered}`);
    const { lost, queueDropped, refused, uncontrolled } = others;
    assert.deepEqual(
      { lost, queueDropped, refused, uncontrolled },
      {
        ...{ lost: 0, queueDropped: 0, uncontrolled: 0 },
        refused: { forgedSource: 0, foreignDestination: 0, unreadable: 0 },
      },
    );
    for (const [nodeId, peer, from] of [
      ['n0', '10.99.0.2', '10.99.0.1'],
      ['n1', '10.99.0.1', '10.99.0.2'],
    ] as const) {
      assert.deepEqual(Object.fromEntries(linesOf(events, nodeId, 'name')), {
        [nodeId === 'n0' ? 'n1' : 'n0']: peer,
        [nodeId === 'n0' ? 'n1.mesh' : 'n0.mesh']: peer,
        [nodeId === 'n0' ? 'web.n1' : 'web.n0']: peer,
        [nodeId]: '127.0.0.1',
        web: '127.0.0.1',
      });
      const [[took = '', seen = ''] = []] = linesOf(events, nodeId, 'answered');
      // A handshake and a request: each goes there and comes back.
      assert.ok(Number(took) >= 4 * DELAY_MS, `${took} ms`);
      assert.equal(seen, from, 'who asked, as seen there');
    }
    const opened = connectionsOf(events).filter(({ status }) => status === 'opened');
    assert.deepEqual([...new Set(opened.map(({ link }) => link))].sort(), ['n0→n1', 'n1→n0']);
    for (const { target, rttMs } of opened) {
      assert.equal(target, 'web');
      assert.ok(rttMs >= 2 * DELAY_MS, `${rttMs} ms`);
    }
    const sums = events.flatMap((event) => (event.type === 'traffic' ? [event.traffic] : []));
    assert.deepEqual([...new Set(sums.flatMap(({ targets }) => targets))], ['web']);
    const packets = sums.flatMap((sum) => sum.packets).reduce((all, count) => all + count, 0);
    // Two connections: each side sends a SYN, an answer and a FIN at least.
    assert.ok(packets >= 12, `${packets} packets`);
  });

  it('do not reach them while a partition is between them', async () => {
    // From the start of n1's services on: n0's have to begin, and to wait a second for an answer, before it heals.
    const healAfterMs = 8_000;
    const cut = { partition: { from: ['n0'], to: ['n1'], oneWay: false }, healAfterMs };
    const started = { node: 'n1', phase: 'start', progress: 0 } as const;
    const { observation, events } = await rehearse(product, {
      ...plan,
      chaos: { faults: [{ when: started, do: cut }] },
    });
    assert.equal(observation.outcome, 'pass', observation.cause);
    const healed = events.find((event) => event.type === 'fault' && event.status === 'healed');
    const answers = events.filter(
      (event) => event.type === 'log' && event.text.startsWith('answered'),
    );
    assert.equal(answers.length, 2);
    for (const { at } of answers) assert.ok(at >= (healed?.at ?? Infinity), `answered at ${at}`);
    assert.ok(linesOf(events, 'n0', 'failed').length > 0, 'silence was noticed');
    const opened = events.filter((event) =>
      connectionsOf([event]).some(({ status }) => status === 'opened'),
    );
    assert.ok(opened.length > 0, 'connections are told of once it healed');
    for (const { at } of opened) assert.ok(at >= (healed?.at ?? Infinity), `opened at ${at}`);
  });

  for (const [when, said] of [
    ['begun', 'at their start'],
    ['again', 'while their health is asked for, for the verdict'],
  ] as const) {
    it(`fail the run when the wire of a node is cut by somebody ${said}`, () => failsCut(when));
  }

  async function failsCut(when: 'begun' | 'again'): Promise<void> {
    const cutting = await createTinyProduct([talkingService('n1', when)]);
    products.push(cutting);
    const { observation } = await rehearse(cutting, plan);
    assert.equal(observation.outcome, 'fail');
    assert.equal(
      observation.cause,
      'n1 was cut off from the mesh: the relay of its wire was ended by SIGKILL. What its services said to others was lost: run again.',
    );
    // The device went with it.
    assert.equal(observation.environment.fidelity, 'kernel');
  }
});
