import { MeshSimError } from '../../base/errors.ts';
import { textIfThere } from '../../base/regularFile.ts';
import type { Plan } from '../../model/plan.ts';

/** See ip-sysctl of the kernel. */
const SETTINGS = '/proc/sys/net/ipv4';

/**
 * A plan that asks for a congestion control is refused where boxes cannot have it: a network of its own takes those the kernel
 * allows to everybody, and the one the machine uses itself. @throws MeshSimError `plan-invalid`
 */
export function requireCongestionControl({ tcp }: Pick<Plan, 'tcp'>, valueOf = settingOf): void {
  if (tcp === undefined) return;
  const { congestionControl } = tcp;
  const possible = new Set(
    ['tcp_congestion_control', 'tcp_allowed_congestion_control'].flatMap(valueOf),
  );
  if (possible.has(congestionControl)) return;
  if (possible.size === 0) {
    throw new MeshSimError(
      'plan-invalid',
      `tcp.congestionControl: "${congestionControl}" takes nodes with a network of their own, which only Linux gives; leave it out.`,
    );
  }
  const loaded = valueOf('tcp_available_congestion_control').includes(congestionControl);
  const way = loaded
    ? 'add it to sysctl net.ipv4.tcp_allowed_congestion_control'
    : `load it (modprobe tcp_${congestionControl}) and allow it to everybody (sysctl net.ipv4.tcp_allowed_congestion_control)`;
  throw new MeshSimError(
    'plan-invalid',
    `tcp.congestionControl: the kernel has no "${congestionControl}" for nodes; it has ${[...possible].sort().join(', ')}. Ask for one of these, or ${way}.`,
  );
}

function settingOf(setting: string): string[] {
  const text = textIfThere(`${SETTINGS}/${setting}`).trim();
  return text === '' ? [] : text.split(/\s+/);
}
