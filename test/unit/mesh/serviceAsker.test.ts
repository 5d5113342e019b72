import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { EFFECT, FACT, MESSAGE, type EffectKind, type MessageKind } from '../../../src/mesh/io.ts';
import { MeshNode } from '../../../src/mesh/node.ts';
import { planTrees } from '../../../src/mesh/trees.ts';
import { planSchema } from '../../../src/model/plan.ts';
import { compileLinks } from '../../../src/network/linkTable.ts';

interface Sent {
  readonly to: number;
  readonly kind: MessageKind;
  readonly words: readonly [number, number, number, number];
}

/** The entry node of a mesh of two, READY, with a clock and a network in the hands of the test. */
describe('a node that asks for the services of others', () => {
  let now: number;
  let sent: Sent[];
  let effects: { kind: EffectKind; a: number; b: number; c: number }[];
  let timers: { key: number; at: number }[];
  let node: MeshNode;

  beforeEach(() => {
    now = 0;
    sent = [];
    effects = [];
    timers = [];
    const plan = planSchema.parse({ capsuleHash: 'ab'.repeat(32), params: { nodes: 2 } });
    const trees = planTrees(compileLinks(plan));
    node = new MeshNode(
      {
        index: 0,
        nodes: 2,
        neighbours: [1],
        trees: trees.treesOf(0),
        nextHops: [-1, 1],
        asks: [[4], [4]],
        wireAsks: [[], [5]],
        chunkCount: 1,
        incarnation: 0,
        held: null,
        hasManifest: false,
        source: true,
        verify: true,
        plannedLoss: 0,
        paced: false,
      },
      {
        now: () => now,
        send: (to, kind, a, b, c, d) => sent.push({ to, kind, words: [a, b, c, d] }),
        linkIdle: () => true,
        leftAt: () => now,
        timer: (key, afterMs) => timers.push({ key, at: now + afterMs }),
        effect: (kind, a, b, c) => effects.push({ kind, a, b, c }),
      },
    );
    node.onFact(FACT.offer, 1);
    node.start();
    node.onMessage(1, MESSAGE.hello, 0, 1, 0, 0, null, true);
    node.onFact(FACT.servicesHealthy);
  });

  /** Lets timers ring until the clock shows `until`. */
  function pass(until: number): void {
    for (;;) {
      timers.sort((left, right) => left.at - right.at);
      const next = timers[0];
      if (next === undefined || next.at > until) break;
      timers.shift();
      now = next.at;
      node.onTimer(next.key);
    }
    now = until;
  }

  const asked = () => sent.filter(({ kind }) => kind === MESSAGE.ask);
  const outcomes = () => effects.filter(({ kind }) => kind === EFFECT.asked);
  const answer = (question: Sent | undefined, passed: boolean) => {
    const [route = 0, probe = 0, service = 0] = question?.words ?? [];
    node.onMessage(1, MESSAGE.answer, route, probe, service, passed ? 1 : 0, null, true);
  };

  it('begins once it is READY, and takes from the question to its answer', () => {
    assert.deepEqual(asked(), [{ to: 1, kind: MESSAGE.ask, words: [1, 0, 4, 0] }]);
    pass(30);
    answer(asked()[0], true);
    assert.deepEqual(outcomes(), [{ kind: EFFECT.asked, a: 1, b: 33, c: 30_000 }]);
  });

  it('asks again what was lost, and counts from the first attempt', () => {
    pass(1_010);
    assert.equal(asked().filter(({ words }) => words[1] === 0).length, 2);
    answer(asked()[0], true);
    assert.deepEqual(outcomes(), [{ kind: EFFECT.asked, a: 1, b: 33, c: 1_010_000 }]);
    answer(asked()[0], true);
    assert.equal(outcomes().length, 1, 'a second answer is none');
  });

  it('takes a refusal and a silence of three seconds for a failure', () => {
    answer(asked()[0], false);
    assert.deepEqual(outcomes(), [{ kind: EFFECT.asked, a: 1, b: 32, c: 0 }]);
    pass(3_100);
    const silent = outcomes()[1];
    assert.equal(silent?.b, 32);
    assert.ok(silent.c >= 3_000_000);
  });

  it('stops when it is told to, and waits for what is under way', () => {
    node.endAsking();
    const count = asked().length;
    pass(500);
    assert.equal(asked().length, count);
    assert.ok(!effects.some(({ kind }) => kind === EFFECT.askingDone));
    answer(asked()[0], true);
    assert.equal(effects.at(-1)?.kind, EFFECT.askingDone);
  });

  it('has its host ask over the wire, once each, and takes what that found', () => {
    node.onFact(FACT.wired);
    const before = asked().length;
    pass(1_200);
    const wired = effects.filter(({ kind }) => kind === EFFECT.askService);
    assert.ok(wired.length > 10, `${wired.length} asked`);
    assert.ok(wired.every(({ a, c }) => a === 1 && c === 5));
    assert.equal(new Set(wired.map(({ b }) => b)).size, wired.length);
    // What was asked before is repeated as it was asked, over the protocol.
    assert.ok(
      asked()
        .slice(before)
        .every(({ words }) => words[1] === 0),
    );
    for (const [at, found] of (['passed', 'failed', 'refused', undefined] as const).entries()) {
      node.serviceAsked(wired[at]?.b ?? -1, found);
    }
    assert.deepEqual(
      outcomes().map(({ a, b }) => [a, b]),
      [
        [1, 8 * 5 + 2 + 1],
        [1, 8 * 5 + 2],
        [1, 8 * 5 + 2 + 4],
      ],
    );
  });

  it('has its host probe a service once for a question that comes twice, and answers', () => {
    const route = 0x10000;
    node.onMessage(1, MESSAGE.ask, route, 7, 2, 0, null, true);
    node.onMessage(1, MESSAGE.ask, route, 7, 2, 0, null, true);
    assert.deepEqual(
      effects.filter(({ kind }) => kind === EFFECT.probeService),
      [{ kind: EFFECT.probeService, a: route, b: 7, c: 2 }],
    );
    node.serviceProbed(route, 7, 2, true);
    assert.deepEqual(sent.at(-1), { to: 1, kind: MESSAGE.answer, words: [route, 7, 2, 1] });
  });
});
