import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MeshEventBody } from '../../../src/model/events.ts';
import { planSchema, type PlanInput } from '../../../src/model/plan.ts';
import { RunHistory } from '../../../webview/run/history.ts';
import { accessibleText, progressText } from '../../../webview/run/nodeProgress.ts';

const simId = '00000000-0000-4000-8000-000000000000';

/** A run of five nodes in which one event happens each 100 ms. */
function history(plan: Partial<PlanInput>, ...bodies: MeshEventBody[]): RunHistory {
  const snapshot = { simId, seq: -1, product: 'test', isRunning: true, droppedPackets: 0 };
  const parsed = planSchema.parse({ capsuleHash: 'a'.repeat(64), ...plan });
  const run = new RunHistory({ ...snapshot, plan: parsed, events: [], packets: [] });
  bodies.forEach((body, seq) => {
    run.push({ ...body, seq, at: seq * 100, simId });
  });
  return run;
}

/** What the lanes say beside each node, at an instant or at the end. */
function words(run: RunHistory, t = Infinity): string[] {
  return run.progressOf(run.viewAt(t)).map(progressText);
}

function phase(nodeId: string, name: 'boot' | 'verify' | 'receive' | 'start' | 'healthy') {
  return { type: 'phase', nodeId, phase: name, status: 'started' } as const;
}

function service(nodeId: string, name: string, status: 'building' | 'healthy' | 'exited') {
  return { type: 'service', nodeId, service: name, status } as const;
}

const VERIFYING = ['n1', 'n2', 'n3', 'n4'].map((nodeId) => phase(nodeId, 'verify'));
const HALTED = { type: 'node', nodeId: 'n2', status: 'halted' } as const;
const LINE = ['n0 n1', 'n1 n2', 'n2 n3', 'n3 n4'].flatMap((pair) => {
  const [from = '', to = ''] = pair.split(' ');
  return [
    { from, to },
    { from: to, to: from },
  ];
});

describe('how far a node is', () => {
  it('counts its healthy services until all of them are, and it is READY', () => {
    const run = history(
      {},
      phase('n0', 'start'),
      ...['db', 'orders', 'gateway'].map((name) => service('n0', name, 'building')),
      service('n0', 'db', 'healthy'),
      phase('n0', 'healthy'),
      { type: 'phase', nodeId: 'n0', phase: 'healthy', status: 'ok' },
    );
    assert.equal(words(run, 399)[0], 'start 0/3');
    assert.equal(words(run, 400)[0], 'start 1/3');
    assert.equal(words(run, 500)[0], 'start 1/3', 'that it checks them makes it not healthy');
    assert.equal(words(run)[0], 'healthy');
  });

  it('says which host it lives on, with what is known of it, and nothing where it lives here', () => {
    const edge = {
      host: 'edge',
      kind: 'ssh',
      os: 'linux',
      arch: 'arm64',
      node: 'v24.1.0',
    } as const;
    const run = history({}, { type: 'host', nodeId: 'n1', ...edge, roundTripMs: 0.84 });
    const [n0, n1] = run.progressOf(run.viewAt(Infinity));
    assert.deepEqual([n0?.host, n0?.home, n1?.host], ['', '', 'edge']);
    assert.match(
      accessibleText(n1!),
      /^n1, .*, lives on edge \(ssh, linux arm64, Node\.js v24\.1\.0\), round trip 0\.8 ms, 0\.4 ms at least each way$/,
    );
    const odd = history(
      {},
      { type: 'host', nodeId: 'n1', ...edge, os: 'li\u202enux', roundTripMs: 1 },
    );
    assert.equal(odd.progressOf(odd.viewAt(Infinity))[1]?.home.includes('\u202e'), false);
  });

  it('waits for its turn behind those that asked before, until it is granted, or the node is gone', () => {
    const turn = (nodeId: string, status: 'waiting' | 'granted') =>
      ({ type: 'turn', nodeId, turn: 'service', service: 'db', status }) as const;
    const run = history(
      {},
      turn('n1', 'waiting'),
      turn('n2', 'waiting'),
      turn('n3', 'waiting'),
      turn('n1', 'granted'),
      { type: 'node', nodeId: 'n2', status: 'crashed' },
    );
    assert.deepEqual(words(run, 200).slice(1, 4), [
      'waits for its turn to start',
      'waits for its turn to start, 1 before it',
      'waits for its turn to start, 2 before it',
    ]);
    assert.deepEqual(words(run, 300).slice(2, 4), [
      'waits for its turn to start',
      'waits for its turn to start, 1 before it',
    ]);
    assert.equal(words(run)[3], 'waits for its turn to start');
    assert.equal(words(run)[2], 'down');
  });

  it('counts of a past instant against all services that are known by now', () => {
    const run = history(
      {},
      phase('n1', 'start'),
      service('n1', 'db', 'healthy'),
      service('n0', 'gateway', 'building'),
    );
    assert.equal(words(run, 100)[1], 'start 1/2');
  });

  it('begins anew with its services after a crash, and when one of them ended', () => {
    const run = history(
      {},
      phase('n1', 'start'),
      service('n1', 'db', 'healthy'),
      service('n1', 'db', 'exited'),
      service('n1', 'db', 'healthy'),
      { type: 'node', nodeId: 'n1', status: 'crashed' },
      { type: 'node', nodeId: 'n1', status: 'restarted' },
      phase('n1', 'start'),
    );
    assert.equal(words(run, 200)[1], 'start 0/1');
    assert.equal(words(run, 300)[1], 'start 1/1');
    assert.equal(words(run)[1], 'start 0/1');
  });
});

describe('a node of an upgrade', () => {
  it('says which Capsule it runs, at any instant, and of a first start nothing', () => {
    const events: MeshEventBody[] = [
      phase('n1', 'start'),
      { type: 'wave', wave: 1, leg: 0, to: 'new', nodes: ['n1'], status: 'begun' },
      { type: 'phase', nodeId: 'n1', phase: 'stop', status: 'started' },
      phase('n1', 'start'),
      phase('n1', 'healthy'),
      { type: 'phase', nodeId: 'n1', phase: 'healthy', status: 'ok' },
    ];
    const told = (run: RunHistory, t = Infinity) =>
      run.progressOf(run.viewAt(t)).map(accessibleText)[1];
    const run = history({ upgrade: { from: 'b'.repeat(64) } }, ...events);
    assert.equal(told(run, 0), 'n1, start, runs the old Capsule');
    assert.equal(told(run, 200), 'n1, stop, runs the old Capsule');
    assert.equal(told(run), 'n1, healthy, runs the new Capsule');
    assert.equal(told(history({}, ...events)), 'n1, healthy');
  });
});

describe('a node that can not get the Capsule', () => {
  it('waits for the halted one that every way to it leads through', () => {
    const topology = { kind: 'custom' as const, links: LINE };
    const run = history({ topology }, ...VERIFYING, phase('n1', 'receive'), HALTED);
    assert.deepEqual(words(run), ['waiting', 'receive', 'halted', 'waits for n2', 'waits for n2']);
    assert.equal(words(run, 400)[3], 'verify', 'before that it waits for nobody');
  });

  it('waits for nobody while another way is left', () => {
    const run = history({ topology: { kind: 'ring' } }, ...VERIFYING, HALTED);
    assert.deepEqual(words(run).slice(3), ['verify', 'verify']);
    assert.deepEqual(words(history({}, ...VERIFYING, HALTED)).slice(3), ['verify', 'verify']);
  });

  it('names all that it is cut off by', () => {
    const run = history({ topology: { kind: 'ring' } }, ...VERIFYING, HALTED, {
      type: 'node',
      nodeId: 'n4',
      status: 'crashed',
    });
    assert.deepEqual(words(run).slice(1), ['verify', 'halted', 'waits for n2, n4', 'down']);
  });

  it('is no longer behind a link of one direction only', () => {
    const links = LINE.filter(({ from, to }) => !(from === 'n3' && to === 'n2'));
    const run = history({ topology: { kind: 'custom', links } }, ...VERIFYING, HALTED);
    assert.equal(words(run)[3], 'verify', 'no way led through n2');
  });

  it('waits for the centre of a star', () => {
    const topology = { kind: 'star' as const, centre: 'n2' };
    assert.deepEqual(words(history({ topology }, ...VERIFYING, HALTED)), [
      'waiting',
      'waits for n2',
      'halted',
      'waits for n2',
      'waits for n2',
    ]);
  });
});
