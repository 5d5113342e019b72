import type { MeshEvent } from '../../model/events.ts';
import type { ServiceStatus } from '../../model/serviceStatus.ts';

/** What an event is, whenever it happened. */
interface Story {
  /** Whose sequence of events it belongs to. */
  readonly about: string;
  readonly is: string;
  /** Told as often as it happens to be seen. */
  readonly mayRepeat?: boolean;
}

const FAULT = 'fault ';

export function isFault(about: Story['about']): boolean {
  return about.startsWith(FAULT);
}

/** Who builds and who takes what another has built is a matter of who comes first, and of what is left from earlier runs. */
const OF_BUILDS: readonly ServiceStatus[] = ['building', 'built', 'cached'];

/** Undefined for what is a measurement, or so often told that no two runs have the same: packets, chunks, probes, lines of logs. */
export function storyOf(event: MeshEvent): Story | undefined {
  switch (event.type) {
    case 'run':
      return { about: 'the run', is: `run ${event.status}` };
    case 'phase': {
      const { nodeId, phase, status } = event;
      return { about: `${nodeId}, phases`, is: `${nodeId} ${phase} ${status}` };
    }
    case 'node':
      return { about: `${event.nodeId}, process`, is: `${event.nodeId} ${event.status}` };
    case 'hop': {
      const { nodeId, status } = event;
      return {
        about: `${nodeId}, signatures`,
        is: `${nodeId} signature ${status}`,
        mayRepeat: true,
      };
    }
    case 'refusal': {
      const { nodeId, status } = event;
      return { about: `${nodeId}, refusals`, is: `${nodeId} refused a ${status}`, mayRepeat: true };
    }
    case 'service': {
      const { nodeId, service, status, version } = event;
      if (OF_BUILDS.includes(status)) return undefined;
      // In an upgrade the services of two Capsules may be there at once.
      const whose = version === undefined ? service : `${service} of the ${version} Capsule`;
      return { about: `${nodeId}, ${whose}`, is: `${nodeId} ${whose} ${status}` };
    }
    case 'host':
      return { about: `${event.nodeId}, host`, is: `${event.nodeId} lives on ${event.host}` };
    case 'guard': {
      const { nodeId, status, service = '', host = '', port = '' } = event;
      const is = [nodeId, 'guard', status, service, host, port].filter((word) => word !== '');
      return { about: `${nodeId}, guard`, is: is.join(' '), mayRepeat: true };
    }
    case 'fault': {
      const { fault, status, nodeId } = event;
      const where = nodeId === undefined ? '' : ` on ${nodeId}`;
      return { about: `${FAULT}${fault}`, is: `fault ${fault} ${status}${where}`, mayRepeat: true };
    }
    case 'invariant':
      return { about: event.name, is: `invariant ${event.name} ${event.status}` };
    case 'wave':
    case 'window':
    case 'check':
    case 'workload':
    case 'upgrade':
      return storyOfUpgrade(event);
    case 'chunk':
    case 'turn':
    case 'log':
    case 'probes':
    case 'packets':
    case 'traffic':
    case 'connections':
    case 'latency':
      return undefined;
  }
}

type UpgradeEvent = Extract<
  MeshEvent,
  { type: 'wave' | 'window' | 'check' | 'workload' | 'upgrade' }
>;

function storyOfUpgrade(event: UpgradeEvent): Story {
  switch (event.type) {
    case 'wave': {
      const { wave, to, nodes, status } = event;
      const is = `wave ${wave} to the ${to} Capsule, ${nodes.join(', ')}, ${status}`;
      return { about: 'waves', is };
    }
    case 'window':
      return { about: 'windows', is: `window ${event.window}` };
    case 'check': {
      const { nodeId, name, window, status } = event;
      const is = `${nodeId} check "${name}" ${window} ${status}`;
      return { about: `${nodeId}, check "${name}"`, is };
    }
    case 'workload':
      return { about: `${event.nodeId}, workload`, is: `workload ${event.status}` };
    case 'upgrade': {
      const { nodeId, status } = event;
      const whose = nodeId === undefined ? 'upgrade' : `${nodeId}, upgrade`;
      return { about: whose, is: `${nodeId ?? 'upgrade'} ${status}` };
    }
  }
}
