import type { ActionOf, ChaosAction } from '../mesh/chaosActions.ts';
import { kindOf, type EffectOf, type FaultKind } from '../model/faultKinds.ts';
import type { FaultEffect } from '../model/faultSchemas.ts';
import type { Fault } from '../model/plan.ts';
import type { MeshEventBody } from '../model/events.ts';
import { nodeIdOf } from '../model/nodeIds.ts';

/** Actions whose end is told by whoever has seen it. */
const ENDS_TOLD: readonly ChaosAction['kind'][] = ['end-refusal', 'end-disturbance', 'free-disk'];

/** The event that tells what chaos does: a fault fires, or what it broke is mended. Undefined: somebody else tells of it. */
export function faultEvent(
  action: ChaosAction,
  schedule: readonly Fault[],
): MeshEventBody | undefined {
  if (ENDS_TOLD.includes(action.kind)) return undefined;
  const isMended = action.kind === 'heal' || action.kind === 'restart';
  return {
    type: 'fault',
    fault: action.fault,
    ...nodeOf(action),
    status: isMended ? 'healed' : 'fired',
    details: sentenceOf(action, schedule[action.fault]?.do),
  };
}

/** Of a fault that acts on one node. */
function nodeOf(action: ChaosAction): { readonly nodeId?: string } {
  if ('node' in action) return { nodeId: nodeIdOf(action.node) };
  const [first, ...others] = 'nodes' in action ? action.nodes : [];
  return first === undefined || others.length > 0 ? {} : { nodeId: nodeIdOf(first) };
}

type Sentences = {
  readonly [Kind in ChaosAction['kind']]: (
    action: ActionOf<Kind>,
    effect: FaultEffect | undefined,
  ) => string;
};

const SENTENCES: Sentences = {
  kill: ({ node }) => `${nodeIdOf(node)} is killed, with all it started`,
  restart: ({ node }) => `${nodeIdOf(node)} is started again`,
  partition: ({ from, to, oneWay }) =>
    oneWay
      ? `${namesOf(from)} no longer ${from.length > 1 ? 'reach' : 'reaches'} ${namesOf(to)}`
      : `${namesOf(from)} ${isOrAre(from)} cut off from ${namesOf(to)}`,
  heal: () => 'the partition is healed',
  degrade: ({ from, to }) => `the link from ${nodeIdOf(from)} to ${nodeIdOf(to)} gets worse`,
  slow: ({ node, factor }) => `the links of ${nodeIdOf(node)} take ${factor} times as long`,
  corrupt: ({ node, count }) =>
    `the next ${count} chunks to ${nodeIdOf(node)} are damaged on the way`,
  byzantine: ({ node }) => `${nodeIdOf(node)} relays an altered Capsule from now on`,
  refuse: ({ from, to, oneWay }) =>
    `packets of services ${oneWay ? 'from' : 'between'} ${namesOf(from)} ${oneWay ? 'to' : 'and'} ${namesOf(to)} are to be refused`,
  'end-refusal': () => 'packets of services are carried again',
  'fill-disk': ({ node, leaveBytes }) =>
    `the disk of ${nodeIdOf(node)} is to be filled${leaveBytes === 0 ? '' : ` but for ${leaveBytes} bytes`}`,
  'free-disk': ({ node }) => `the disk of ${nodeIdOf(node)} has room again`,
  disturb: ({ nodes }, effect) => `${namesOf(nodes)} ${isOrAre(nodes)} to ${orderOf(effect)}`,
  'end-disturbance': ({ nodes }) => `${namesOf(nodes)} ${isOrAre(nodes)} left in peace`,
};

type Orders = { readonly [Kind in FaultKind]?: (effect: EffectOf<Kind>) => string };

/** What the agents of nodes are asked for: whether they did it, they tell. */
const ORDERS: Orders = {
  pause: ({ services }) => `pause ${services?.join(', ') ?? 'its services'}`,
  killService: ({ killService: { service } }) => `kill ${service ?? 'its services'}`,
  dns: ({ dns }) => {
    const names = dns.names?.join(', ') ?? 'all names';
    return dns.mode === 'fail' ? `fail ${names}` : `answer ${names} ${dns.delayMs} ms late`;
  },
};

function orderOf(effect: FaultEffect | undefined): string {
  const order = effect && (ORDERS[kindOf(effect)] as ((of: FaultEffect) => string) | undefined);
  return effect === undefined ? '' : (order?.(effect) ?? '');
}

function sentenceOf(action: ChaosAction, effect: FaultEffect | undefined): string {
  const tell = SENTENCES[action.kind] as (of: ChaosAction, by: typeof effect) => string;
  return tell(action, effect);
}

function namesOf(nodes: readonly number[]): string {
  return nodes.map(nodeIdOf).join(', ');
}

function isOrAre({ length }: readonly number[]): string {
  return length > 1 ? 'are' : 'is';
}
