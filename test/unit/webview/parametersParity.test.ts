import fc from 'fast-check';
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { compilePlan } from '../../../src/mesh/compiledPlan.ts';
import { nodeIndexOf } from '../../../src/model/nodeIds.ts';
import { planSchema } from '../../../src/model/plan.ts';
import {
  MIGRATION_SIGNS,
  ROLLBACKS,
  UPGRADE_MOMENTS,
  UPGRADE_ORDERS,
  WAVE_SIGNS,
} from '../../../src/model/upgradeChoices.ts';
import { CAPSULE_VERSIONS } from '../../../src/model/upgradeReport.ts';
import { parseParameters } from '../../../webview/state/parseParameters.ts';

const NODES = 5;
const node = fc.integer({ min: 0, max: NODES - 1 }).map((index) => `n${index}`);
const host = fc.constantFrom('local', 'edge', 'a-1');
const ms = fc.integer({ min: 0, max: 2_000 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const some = { requiredKeys: [] };
const kinded: { requiredKeys: ['kind'] } = { requiredKeys: ['kind'] };

const delay = fc.oneof(
  fc.record({ kind: fc.constant('uniform'), minMs: ms, maxMs: ms }),
  fc.record({ kind: fc.constant('constant'), ms }),
  fc.record({ kind: fc.constant('log-normal'), shiftMs: ms, medianMs: ms, sigma: share }),
  fc.record({ kind: fc.constant('quantiles'), ms: fc.array(ms, { minLength: 2, maxLength: 4 }) }),
);
const loss = fc.oneof(
  fc.record({ kind: fc.constant('bernoulli'), p: share }),
  fc.record({
    kind: fc.constant('gilbert-elliott'),
    p: share,
    r: share,
    lossGood: share,
    lossBad: share,
  }),
);
const link = {
  delay,
  loss,
  rateBitsPerSecond: fc.integer({ min: 1, max: 1e9 }),
  queueBytes: fc.integer({ min: 1, max: 1e6 }),
  duplicate: share,
  corrupt: share,
  state: fc.constantFrom('up', 'blackhole', 'refused'),
};
const lastMile = fc.oneof(
  fc.constantFrom('slow-3g', 'starlink', 'dial-up'),
  fc.record(
    {
      preset: fc.constantFrom('', 'mine'),
      delay,
      loss,
      upBitsPerSecond: fc.integer({ min: 999, max: 1e9 }),
      downBitsPerSecond: fc.integer({ min: 1_000, max: 1e9 }),
    },
    some,
  ),
);
const linked = fc
  .record({ from: node, to: node, ...link }, { requiredKeys: ['from', 'to'] })
  .filter(({ from, to }) => from !== to);

const effect = fc.oneof(
  fc.record({ kill: node, restartAfterMs: ms }, { requiredKeys: ['kill'] }),
  fc.record(
    { partition: fc.record({ from: fc.constant(['n0']), to: fc.constant(['n1', 'n2']) }) },
    some,
  ),
  fc.record({ degradeLink: linked }),
  fc.record({ slow: node, factor: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ corruptChunks: fc.record({ to: node, count: fc.integer({ min: 1, max: 9 }) }) }),
  fc.record({ byzantine: fc.constantFrom('n1', 'n4') }),
  fc.record(
    { pause: node, services: fc.constant(['orders', 'web-2']), forMs: ms },
    { requiredKeys: ['pause', 'forMs'] },
  ),
  fc.record({ killService: fc.record({ node, service: fc.constantFrom('orders', 'web-2') }) }),
  fc.record({
    refuse: fc.record({ from: fc.constant(['n0']), to: fc.constant(['n1', 'n2']) }),
    forMs: ms,
  }),
  fc.record({
    dns: fc.oneof(
      fc.record(
        { nodes: fc.tuple(node), names: fc.constant(['orders.n1']), mode: fc.constant('fail') },
        { requiredKeys: ['nodes', 'mode'] },
      ),
      fc.record({ nodes: fc.tuple(node), mode: fc.constant('delay'), delayMs: ms }),
    ),
    forMs: ms,
  }),
);
const phase = fc.constantFrom('boot', 'verify', 'receive', 'start', 'healthy');
const trigger = fc.oneof(
  fc.record({ node, phase, progress: share }, { requiredKeys: ['node', 'phase'] }),
  fc.record({ atMs: ms }),
  fc.record({ afterFault: fc.integer({ min: 0, max: 2 }), delayMs: ms }),
);

const topology = fc.oneof(
  fc.record({ kind: fc.constantFrom('uniform', 'ring') }),
  fc.record({ kind: fc.constant('star'), centre: node }, { requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constant('regions'), regions: fc.constant(['a', 'b']), rttMs: squareOf(2) }),
  fc.record({
    kind: fc.constant('custom'),
    links: everyNodeLinked(),
  }),
);

/** From n0 to each node and back, so that whatever is spoilt is about one part and not about who can be reached. */
function everyNodeLinked() {
  const ends = Array.from({ length: NODES - 1 }, (_, index) => `n${index + 1}`).flatMap((other) => [
    { from: 'n0', to: other },
    { from: other, to: 'n0' },
  ]);
  return fc.tuple(...ends.map((of) => fc.record(link, some).map((parts) => ({ ...of, ...parts }))));
}

function squareOf(size: number) {
  const row = fc.array(ms, { minLength: size, maxLength: size });
  return fc.array(row, { minLength: size, maxLength: size });
}

const plan = fc.record(
  {
    params: fc.record(
      {
        latencyMs: fc.tuple(ms, ms).map((two) => two.toSorted((a, b) => a - b)),
        packetLoss: fc.integer({ min: 0, max: 100 }),
        verifySignatures: fc.boolean(),
      },
      some,
    ),
    seed: fc.nat(),
    topology,
    chaos: fc.record(
      {
        preset: fc.constantFrom('none', 'partition'),
        faults: fc.array(fc.record({ when: trigger, do: effect }), { maxLength: 3 }),
      },
      some,
    ),
    drift: fc.array(
      fc.record({ node, service: fc.constant('orders'), commit: fc.constant('9c0abe5') }),
      { maxLength: 2 },
    ),
    placement: fc.dictionary(
      fc.constantFrom('orders', 'ledger'),
      fc.uniqueArray(node, { minLength: 1, maxLength: NODES }),
    ),
    access: fc.dictionary(node, lastMile, { maxKeys: 3 }),
    hosts: fc.dictionary(
      fc.oneof(node, fc.constant('*')),
      fc.oneof(host, fc.array(host, { minLength: 1, maxLength: 3 })),
    ),
    failOnObjectives: fc.boolean(),
    failOnRegression: fc.boolean(),
    deadlineMs: fc.integer({ min: 1_000, max: 60_000 }),
  },
  some,
);

const wait = fc.integer({ min: 0, max: 600_000 });
const count = fc.integer({ min: 1, max: NODES - 1 });
const strategy = fc.oneof(
  fc.record({ kind: fc.constant('rolling'), batch: count, pauseMs: wait }, kinded),
  fc.record({ kind: fc.constant('canary'), nodes: count, bakeMs: wait }, kinded),
  fc.record({ kind: fc.constantFrom('all-at-once', 'blue-green') }),
);
const upgrade = fc.record(
  {
    from: fc.constant('b'.repeat(64)),
    strategy,
    order: fc.constantFrom(...UPGRADE_ORDERS),
    rollback: fc.constantFrom(...ROLLBACKS),
    checksFrom: fc.constantFrom(...CAPSULE_VERSIONS),
    workloadMs: wait,
  },
  { requiredKeys: ['from'] },
);
const momentOfUpgrade = fc.oneof(
  fc.record(
    { wave: fc.integer({ min: 1, max: 9 }), since: fc.constantFrom(...WAVE_SIGNS) },
    { requiredKeys: ['wave'] },
  ),
  fc.record({ upgrade: fc.constantFrom(...UPGRADE_MOMENTS) }),
  fc.record(
    { migrates: node, since: fc.constantFrom(...MIGRATION_SIGNS), delayMs: wait },
    { requiredKeys: ['migrates'] },
  ),
);
const upgradedPlan = fc.record(
  {
    upgrade,
    chaos: fc.record({
      faults: fc.array(fc.record({ when: momentOfUpgrade, do: effect }), { maxLength: 2 }),
    }),
    failOnObjectives: fc.boolean(),
  },
  some,
);

/** What takes the place of one part of a plan; undefined: the part is left out. */
const wrong = fc.constantFrom<unknown>(
  ...[undefined, null, -1, 0, 0.5, 2, 1e7, '', 'n0', 'n9', 'text', true, [], ['n0'], {}, [1, 2]],
);

/** Every place in a JSON value, as a function that puts something else there. */
function placesIn(
  value: unknown,
  put: (other: unknown) => unknown,
): ((other: unknown) => unknown)[] {
  const inside = Array.isArray(value)
    ? value.flatMap((one, at) => placesIn(one, (other) => put(value.with(at, other))))
    : Object.entries(value ?? {}).flatMap(([key, one]) =>
        typeof value === 'object' ? placesIn(one, (other) => put({ ...value, [key]: other })) : [],
      );
  return [put, ...inside];
}

function isAcceptedByThePage(text: string): boolean {
  try {
    parseParameters(text);
    return true;
  } catch {
    return false;
  }
}

/** As a run is: by the schema, and by what only the whole plan shows. */
function isAcceptedByTheCore(text: string): boolean {
  try {
    const given = JSON.parse(text) as object;
    const plan = planSchema.parse({ capsuleHash: 'a'.repeat(64), ...given });
    compilePlan(plan);
    return plan.drift.every(({ node: drifted }) => nodeIndexOf(drifted) < plan.params.nodes);
  } catch {
    return false;
  }
}

/** As an upgrade of real nodes is, but for what follows from its waves: the page does not draw their order. */
function isUpgradeOfRealNodes(text: string): boolean {
  try {
    const given = JSON.parse(text) as object;
    const plan = planSchema.parse({ capsuleHash: 'a'.repeat(64), ...given });
    compilePlan({ ...plan, upgrade: undefined });
    return true;
  } catch {
    return false;
  }
}

function assertSame(
  plans: fc.Arbitrary<object>,
  isAccepted: (text: string) => boolean,
  numRuns: number,
): void {
  const anyPlan = fc.tuple(plans, fc.nat(), wrong, fc.boolean());
  fc.assert(
    fc.property(anyPlan, ([valid, at, other, isSpoilt]) => {
      const [, ...places] = placesIn(valid, (one) => one);
      const spoil = places[at % places.length];
      const text = JSON.stringify(isSpoilt ? (spoil?.(other) ?? {}) : valid);
      assert.equal(isAcceptedByThePage(text), isAccepted(text), text);
    }),
    { numRuns },
  );
}

describe('the JSON of the parameters', () => {
  it('is accepted by the page just when a run accepts it', () => {
    assertSame(plan, isAcceptedByTheCore, 3_000);
  });

  it('is accepted by the page with an upgrade just when real nodes accept it', () => {
    assertSame(upgradedPlan, isUpgradeOfRealNodes, 1_500);
  });
});
