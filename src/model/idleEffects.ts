import { byKind, type ByKind, type EffectOf } from './faultKinds.ts';
import { isImpaired } from './linkImpairment.ts';
import type { LinkedPlan, LinkLayout } from './linkLayout.ts';
import { meanDelay } from './linkMeasures.ts';
import { nodeIdOf, nodeIndexOf } from './nodeIds.ts';
import type { Fault, Plan, Trigger } from './plan.ts';
import { changedSpec, type LinkSpec } from './linkSpec.ts';

/** What the effects of a plan's faults follow from. */
export interface IdleQuestion {
  readonly plan: LinkedPlan & Pick<Plan, 'world'>;
  readonly layout: LinkLayout;
  readonly schedule: readonly Fault[];
}

/** Undefined: it may have an effect. */
type Why = string | undefined;

const WHY_IDLE: ByKind<Why, [question: IdleQuestion, when: Trigger]> = {
  kill: idleKill,
  partition: ({ partition, healAfterMs }, { layout }) =>
    healAfterMs === 0 ? 'heals its partition at once' : idleCut('cuts', partition, layout),
  degradeLink: idleDegrade,
  slow: idleSlow,
  corruptChunks: idleDamage,
  byzantine: idleLie,
  pause: ({ pause, forMs }, { plan }) =>
    inVirtualTime(`pauses services of ${pause}`, plan) ??
    (forMs === 0 ? `pauses services of ${pause} for 0 ms` : undefined),
  killService: ({ killService: { node, service } }, { plan }) =>
    inVirtualTime(`kills ${service ?? 'services'} on ${node}`, plan),
  refuse: idleRefusal,
  dns: idleNames,
  fillDisk: ({ fillDisk, forMs }, { plan }) =>
    inVirtualTime(`fills the disk of ${fillDisk}`, plan) ??
    (forMs === 0 ? `fills the disk of ${fillDisk} for 0 ms` : undefined),
};

/** Why a fault changes nothing even if it fires, as the rest of a sentence about it. */
export function whyIdle({ when, do: effect }: Fault, question: IdleQuestion): Why {
  return byKind(WHY_IDLE, effect, question, when);
}

function idleKill({ kill }: EffectOf<'kill'>, { plan }: IdleQuestion, when: Trigger): Why {
  if (nodeIndexOf(kill) >= plan.params.nodes) return `kills ${kill}, which is not in the mesh`;
  const isBeforeBoot =
    ('atMs' in when && when.atMs === 0) ||
    ('node' in when && when.node === kill && when.phase === 'boot' && when.progress === 0);
  return isBeforeBoot ? `kills ${kill} before it has booted` : undefined;
}

type Sides = EffectOf<'partition'>['partition'];

function idleCut(does: string, { from, to, oneWay }: Sides, layout: LinkLayout): Why {
  const isCut = from.some((one) =>
    to.some((other) => {
      const [a, b] = [nodeIndexOf(one), nodeIndexOf(other)];
      return one !== other && (layout.specOf(a, b) >= 0 || (!oneWay && layout.specOf(b, a) >= 0));
    }),
  );
  const off = does === 'cuts' ? 'off' : 'from';
  return isCut
    ? undefined
    : `${does} ${from.join(', ')} ${off} ${to.join(', ')}, which no link joins`;
}

/** What a fault does to services, where none runs. */
function inVirtualTime(does: string, { world }: IdleQuestion['plan']): Why {
  return world === 'virtual' ? `${does}, but no service runs in virtual time` : undefined;
}

function idleRefusal({ refuse, forMs }: EffectOf<'refuse'>, { plan, layout }: IdleQuestion): Why {
  if (forMs === 0) return 'refuses packets for 0 ms';
  return (
    inVirtualTime('refuses packets of services', plan) ?? idleCut('refuses packets', refuse, layout)
  );
}

function idleNames({ dns, forMs }: EffectOf<'dns'>, { plan }: IdleQuestion): Why {
  const does = dns.mode === 'fail' ? 'fails names' : `delays names by ${dns.delayMs} ms`;
  if (forMs === 0 || (dns.mode === 'delay' && dns.delayMs === 0)) {
    return forMs === 0 ? `${does} for 0 ms` : does;
  }
  return inVirtualTime(`${does} on ${dns.nodes.join(', ')}`, plan);
}

function idleDegrade(
  { degradeLink: { from, to, ...change } }: EffectOf<'degradeLink'>,
  { layout, schedule }: IdleQuestion,
): Why {
  const spec = layout.specs[layout.specOf(nodeIndexOf(from), nodeIndexOf(to))];
  if (spec === undefined) return `changes the link from ${from} to ${to}, which is not there`;
  // What an earlier fault has left of the link depends on when it fired: it may be better than what the plan says.
  const before = [spec];
  for (const { do: effect } of schedule) {
    if (!('degradeLink' in effect)) continue;
    const { from: source, to: target, ...other } = effect.degradeLink;
    if (source === from && target === to) before.push(changedSpec(spec, other));
  }
  const isWorse = before.some((link) => isImpaired(changedSpec(link, change), link));
  return isWorse ? undefined : `makes the link from ${from} to ${to} no worse`;
}

function idleSlow({ slow, factor }: EffectOf<'slow'>, question: IdleQuestion): Why {
  if (factor === 1) return `slows ${slow} by a factor of 1`;
  const canBeLate = question.schedule.some(
    ({ do: effect }) => 'degradeLink' in effect && effect.degradeLink.delay !== undefined,
  );
  const hasDelay = linksOf(slow, question).some(({ spec }) => meanDelay(spec.delay) > 0);
  return hasDelay || canBeLate ? undefined : `slows ${slow}, whose links have no delay`;
}

function idleDamage(
  { corruptChunks: { to } }: EffectOf<'corruptChunks'>,
  question: IdleQuestion,
): Why {
  if (to === 'n0') return 'damages chunks to n0, which has them from the start';
  return linksOf(to, question).length > 0
    ? undefined
    : `damages chunks to ${to}, which has no link`;
}

function idleLie({ byzantine }: EffectOf<'byzantine'>, question: IdleQuestion): Why {
  const relaysTo = linksOf(byzantine, question).some(
    ({ from, to }) => from === byzantine && to !== 'n0',
  );
  return relaysTo
    ? undefined
    : `alters what ${byzantine} relays, but it has no neighbour to relay to except n0`;
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly spec: LinkSpec;
}

/** The links that enter or leave a node. */
function linksOf(nodeId: string, { layout, plan }: IdleQuestion): Link[] {
  const index = nodeIndexOf(nodeId);
  return Array.from({ length: plan.params.nodes }, (_, other) => other).flatMap((other) => {
    const ends: [number, number][] = [
      [index, other],
      [other, index],
    ];
    return ends.flatMap(([from, to]) => {
      const spec = layout.specs[layout.specOf(from, to)];
      return spec === undefined ? [] : [{ from: nodeIdOf(from), to: nodeIdOf(to), spec }];
    });
  });
}
