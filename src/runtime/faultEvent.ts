import type { ActionOf, ChaosAction } from '../mesh/chaosActions.ts';
import type { MeshEventBody } from '../model/events.ts';
import { nodeIdOf } from '../model/nodeIds.ts';

/** The event that tells what chaos does: a fault fires, or what it broke is mended. */
export function faultEvent(action: ChaosAction): MeshEventBody {
  const isMended = action.kind === 'heal' || action.kind === 'restart';
  return {
    type: 'fault',
    fault: action.fault,
    ...('node' in action ? { nodeId: nodeIdOf(action.node) } : {}),
    status: isMended ? 'healed' : 'fired',
    details: sentenceOf(action),
  };
}

type Sentences = {
  readonly [Kind in ChaosAction['kind']]: (action: ActionOf<Kind>) => string;
};

const SENTENCES: Sentences = {
  kill: ({ node }) => `${nodeIdOf(node)} is killed, with all it started`,
  restart: ({ node }) => `${nodeIdOf(node)} is started again`,
  partition: ({ from, to, oneWay }) =>
    `${namesOf(from)} ${oneWay ? 'no longer reach' : 'are cut off from'} ${namesOf(to)}`,
  heal: () => 'the partition is healed',
  degrade: ({ from, to }) => `the link from ${nodeIdOf(from)} to ${nodeIdOf(to)} gets worse`,
  slow: ({ node, factor }) => `the links of ${nodeIdOf(node)} take ${factor} times as long`,
  corrupt: ({ node, count }) =>
    `the next ${count} chunks to ${nodeIdOf(node)} are damaged on the way`,
  byzantine: ({ node }) => `${nodeIdOf(node)} relays an altered Capsule from now on`,
};

function sentenceOf(action: ChaosAction): string {
  return (SENTENCES[action.kind] as (of: ChaosAction) => string)(action);
}

function namesOf(nodes: readonly number[]): string {
  return nodes.map(nodeIdOf).join(', ');
}
