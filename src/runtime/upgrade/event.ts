import type { UpgradeEvent } from '../../mesh/upgrade/upgradeIo.ts';
import type { MeshEventBody } from '../../model/events.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';

/** How the event stream says what an upgrade tells. Undefined: the node itself tells of it. */
export function upgradeEvent(event: UpgradeEvent): MeshEventBody | undefined {
  switch (event.kind) {
    case 'wave-begun':
    case 'wave-switched':
    case 'wave-ended': {
      const { wave, leg, to } = event;
      const moved = { type: 'wave', wave, leg, to, nodes: event.nodes.map(nodeIdOf) } as const;
      if (event.kind === 'wave-begun') return { ...moved, status: 'begun' };
      if (event.kind === 'wave-switched') return { ...moved, status: 'switched' };
      const { outcome, details } = event;
      return { ...moved, status: outcome, ...(details === undefined ? {} : { details }) };
    }
    case 'window':
      return { type: 'window', window: event.window };
    case 'halted':
      return undefined;
    case 'rollback':
      return { type: 'upgrade', status: 'rollback', details: event.reason };
    case 'ended':
      return { type: 'upgrade', status: event.outcome, details: event.details };
  }
}
