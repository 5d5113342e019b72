import type { ChaosAction } from '../mesh/chaos.ts';
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

function sentenceOf(action: ChaosAction): string {
  switch (action.kind) {
    case 'kill':
      return `${nodeIdOf(action.node)} is killed, with all it started`;
    case 'restart':
      return `${nodeIdOf(action.node)} is started again`;
    case 'partition': {
      const cut = action.oneWay ? 'no longer reach' : 'are cut off from';
      return `${namesOf(action.from)} ${cut} ${namesOf(action.to)}`;
    }
    case 'heal':
      return 'the partition is healed';
    case 'degrade':
      return `the link from ${nodeIdOf(action.from)} to ${nodeIdOf(action.to)} gets worse`;
    case 'slow':
      return `the links of ${nodeIdOf(action.node)} take ${action.factor} times as long`;
    case 'corrupt':
      return `the next ${action.count} chunks to ${nodeIdOf(action.node)} are damaged on the way`;
    case 'byzantine':
      return `${nodeIdOf(action.node)} relays an altered Capsule from now on`;
  }
}

function namesOf(nodes: readonly number[]): string {
  return nodes.map(nodeIdOf).join(', ');
}
