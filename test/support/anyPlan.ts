import fc from 'fast-check';
import { ACCESS_PRESETS } from '../../src/model/accessPresets.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import { PHASES, type Fault, type PlanInput } from '../../src/model/plan.ts';
import { CHAOS_PRESETS } from '../../src/model/presets.ts';
import { regionTopology, USUAL_REGIONS } from '../../src/model/regions.ts';
import type { Delay, LinkSettings, Topology } from '../../src/model/topology.ts';

/** Plans of all kinds a user could write, whether their runs pass or not. */

const ms = (max: number) => fc.oneof(fc.constant(0), fc.integer({ min: 0, max }));
const share = (max: number) => fc.oneof(fc.constant(0), fc.double({ min: 0, max, noNaN: true }));

const delay: fc.Arbitrary<Delay> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), ms: ms(200) }),
  fc.tuple(ms(100), ms(100)).map(([minMs, more]): Delay => ({
    kind: 'uniform',
    minMs,
    maxMs: minMs + more,
  })),
  fc.record({
    kind: fc.constant('log-normal' as const),
    shiftMs: ms(50),
    medianMs: ms(100),
    sigma: fc.double({ min: 0, max: 1.5, noNaN: true }),
  }),
  fc.array(ms(150), { minLength: 2, maxLength: 6 }).map((values): Delay => ({
    kind: 'quantiles',
    ms: values.sort((a, b) => a - b),
  })),
);

const loss: fc.Arbitrary<LinkSettings['loss']> = fc.oneof(
  fc.record({ kind: fc.constant('bernoulli' as const), p: share(0.6) }),
  fc.record({
    kind: fc.constant('gilbert-elliott' as const),
    p: share(0.3),
    r: fc.double({ min: 0.05, max: 1, noNaN: true }),
    lossGood: share(0.1),
    lossBad: share(1),
  }),
);

const linkChange = fc.record(
  {
    delay,
    loss,
    rateBitsPerSecond: fc.integer({ min: 500_000, max: 50_000_000 }),
    queueBytes: fc.integer({ min: 60_000, max: 500_000 }),
    duplicate: share(0.3),
    corrupt: share(0.1),
    state: fc.constantFrom('up' as const, 'up' as const, 'blackhole' as const, 'refused' as const),
  },
  { requiredKeys: [] },
);

const lastMile = fc.oneof(
  fc.constantFrom(...ACCESS_PRESETS),
  fc.record(
    {
      delay,
      loss,
      upBitsPerSecond: fc.integer({ min: 500_000, max: 50_000_000 }),
      downBitsPerSecond: fc.integer({ min: 500_000, max: 50_000_000 }),
    },
    { requiredKeys: [] },
  ),
);

const nodeOf = (nodes: number) => fc.integer({ min: 0, max: nodes - 1 }).map(nodeIdOf);

function effect(nodes: number): fc.Arbitrary<Fault['do']> {
  const node = nodeOf(nodes);
  const other = fc.integer({ min: 1, max: nodes - 1 }).map(nodeIdOf);
  return fc.oneof(
    fc.record({ kill: node, restartAfterMs: ms(1500) }),
    fc.record({ kill: node }),
    fc
      .tuple(fc.integer({ min: 1, max: nodes - 1 }), fc.boolean(), fc.option(ms(2500)))
      .map(([cut, oneWay, healAfterMs]): Fault['do'] => {
        const all = Array.from({ length: nodes }, (_, index) => nodeIdOf(index));
        const partition = { from: all.slice(0, cut), to: all.slice(cut), oneWay };
        return healAfterMs === null ? { partition } : { partition, healAfterMs };
      }),
    fc.tuple(node, node, linkChange).map(([from, to, change]): Fault['do'] => ({
      degradeLink: { ...change, from, to },
    })),
    fc.record({ slow: node, factor: fc.integer({ min: 1, max: 10 }) }),
    fc.record({ corruptChunks: fc.record({ to: node, count: fc.integer({ min: 1, max: 30 }) }) }),
    fc.record({ byzantine: other }),
    fc.record({ pause: node, forMs: ms(500) }),
    fc.record({ killService: fc.record({ node, service: fc.constant('orders') }) }),
    node.map((to): Fault['do'] => {
      const from = [to === 'n0' ? 'n1' : 'n0'];
      return { refuse: { from, to: [to], oneWay: false }, forMs: 300 };
    }),
    node.map((one): Fault['do'] => ({ dns: { nodes: [one], mode: 'fail' }, forMs: 300 })),
    fc.record({ fillDisk: node, leaveBytes: ms(500), forMs: ms(500) }),
  );
}

function faults(nodes: number): fc.Arbitrary<Fault[]> {
  const fault = fc.tuple(
    effect(nodes),
    fc.oneof(
      fc.record({ atMs: ms(3000) }),
      fc.record({
        node: nodeOf(nodes),
        phase: fc.constantFrom(...PHASES),
        progress: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ afterFault: fc.nat({ max: 5 }), delayMs: ms(800) }),
    ),
  );
  return fc.array(fault, { maxLength: 5 }).map((drawn) =>
    drawn.map(([does, when], index): Fault => {
      if (!('afterFault' in when)) return { when, do: does };
      if (index === 0) return { when: { atMs: when.delayMs }, do: does };
      return { when: { ...when, afterFault: when.afterFault % index }, do: does };
    }),
  );
}

function topology(nodes: number): fc.Arbitrary<Topology> {
  const chain = Array.from({ length: nodes - 1 }, (_, index) => [index, index + 1] as const);
  const links = fc.array(fc.tuple(linkChange, linkChange), {
    minLength: chain.length,
    maxLength: chain.length,
  });
  return fc.oneof(
    fc.constant<Topology>({ kind: 'uniform' }),
    fc.constant<Topology>({ kind: 'ring' }),
    nodeOf(nodes).map((centre): Topology => ({ kind: 'star', centre })),
    fc.constant(regionTopology(USUAL_REGIONS)),
    links.map((changes): Topology => ({
      kind: 'custom',
      links: changes.flatMap(([there, back], index) => {
        const [from, to] = chain[index]?.map(nodeIdOf) ?? [];
        if (from === undefined || to === undefined) return [];
        return [
          { ...there, from, to },
          { ...back, from: to, to: from },
        ];
      }),
    })),
  );
}

const latency = fc
  .tuple(ms(150), ms(150))
  .map(([min, more]): [number, number] => [min, min + more]);

/** Plans for the virtual world, of 2 to 10 nodes. */
export const anyVirtualPlan: fc.Arbitrary<Partial<PlanInput>> = fc
  .integer({ min: 2, max: 10 })
  .chain((nodes) =>
    fc.record(
      {
        seed: fc.nat({ max: 0xffff_ffff }),
        params: fc.record({
          nodes: fc.constant(nodes),
          latencyMs: latency,
          packetLoss: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 }), fc.constant(100)),
          verifySignatures: fc.oneof(fc.constant(true), fc.boolean()),
        }),
        topology: topology(nodes),
        chaos: fc.oneof(
          fc.constantFrom(...CHAOS_PRESETS).map((preset) => ({ preset })),
          faults(nodes).map((schedule) => ({ faults: schedule })),
        ),
        deadlineMs: fc.constantFrom(1000, 5000, 20_000),
        access: fc.dictionary(nodeOf(nodes), lastMile, { maxKeys: 3 }),
        bandwidth: fc.record({
          model: fc.constantFrom('uplink' as const, 'link' as const),
          mbps: fc.integer({ min: 1, max: 100 }),
        }),
        drift: fc.array(
          fc.record({
            node: nodeOf(nodes),
            service: fc.constant('orders'),
            commit: fc.constant('abcdef1'),
          }),
          { maxLength: 1 },
        ),
      },
      { requiredKeys: ['seed', 'params', 'chaos', 'deadlineMs'] },
    ),
  );
