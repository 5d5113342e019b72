import type { MeshEvent } from '../model/events.ts';
import type { LogLevel } from './logRow.ts';

type EventOf<Type extends MeshEvent['type']> = Extract<MeshEvent, { type: Type }>;

export type UpgradeEvent = EventOf<'wave' | 'window' | 'check' | 'workload' | 'upgrade'>;

interface UpgradeWords {
  readonly level: LogLevel;
  readonly text: string;
  readonly isBad: boolean;
}

const WINDOWS: Record<EventOf<'window'>['window'], string> = {
  before: 'all nodes run the old Capsule',
  mixed: 'nodes run the old and the new Capsule',
  'rolled-back': 'all nodes run the old Capsule again',
  after: 'all nodes run the new Capsule',
};

const UPGRADES: Record<EventOf<'upgrade'>['status'], string> = {
  staged: 'holds the new Capsule, digest ok',
  halted: 'keeps the old Capsule',
  rollback: 'going back',
  completed: 'upgrade complete',
  incomplete: 'upgrade incomplete',
  'rolled-back': 'upgrade rolled back',
  stopped: 'upgrade stopped',
};

const BAD: readonly EventOf<'upgrade'>['status'][] = [
  'halted',
  'incomplete',
  'rolled-back',
  'stopped',
];

/** What an upgrade did, in the words of the log. */
export function upgradeWords(event: UpgradeEvent): UpgradeWords {
  if (event.type === 'window') {
    return { level: 'key', text: WINDOWS[event.window], isBad: false };
  }
  const reason = event.details === undefined ? '' : `: ${event.details}`;
  if (event.type === 'check') {
    const { name, status } = event;
    const level = status === 'begun' ? 'detail' : 'key';
    return { level, text: `check "${name}" ${status}${reason}`, isBad: status === 'failed' };
  }
  if (event.type === 'workload') {
    const { status } = event;
    return { level: 'key', text: `workload ${status}${reason}`, isBad: status === 'failed' };
  }
  if (event.type === 'upgrade') {
    const { status } = event;
    const level = status === 'staged' ? 'detail' : 'key';
    return { level, text: `${UPGRADES[status]}${reason}`, isBad: BAD.includes(status) };
  }
  const { wave, to, nodes, status } = event;
  const what = `wave ${wave} to the ${to} Capsule`;
  if (status === 'begun') {
    return { level: 'key', text: `${what}: ${nodes.join(', ')}`, isBad: false };
  }
  if (status === 'switched') return { level: 'key', text: `${what}: names switched`, isBad: false };
  const isBad = status === 'failed';
  return { level: 'key', text: `${what} ${isBad ? 'failed' : 'ended well'}${reason}`, isBad };
}
