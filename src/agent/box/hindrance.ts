import { textIfThere } from '../../base/regularFile.ts';

/** Settings by which a machine keeps users without privileges from namespaces, and who is behind each. */
const SETTINGS: readonly (readonly [setting: string, hindering: string, who: string])[] = [
  ['kernel/apparmor_restrict_unprivileged_userns', '1', 'AppArmor'],
  ['kernel/unprivileged_userns_clone', '0', 'the kernel'],
  ['user/max_user_namespaces', '0', 'the kernel'],
];

/** What went wrong, with the setting of this machine that explains it, if one does. One clause. */
export function withHindrance(failure: string, valueOf = sysctl): string {
  const found = SETTINGS.find(([setting, hindering]) => valueOf(setting) === hindering);
  if (found === undefined) return failure;
  const [setting, value, who] = found;
  return `${failure}; ${who} keeps users from namespaces here (sysctl ${setting.replace('/', '.')} is ${value})`;
}

function sysctl(setting: string): string {
  return textIfThere(`/proc/sys/${setting}`).trim();
}

/** What opening the device that makes TUN devices may meet, and what to do about it. */
const TUN_HINDRANCES: readonly (readonly [said: RegExp, why: string])[] = [
  [
    /^open: No such (file|device)/,
    'this machine has no /dev/net/tun (load it: modprobe tun; for a container: --device /dev/net/tun)',
  ],
  [
    /^open: (Permission denied|Operation not permitted)/,
    'this user may not open /dev/net/tun (let everybody: chmod 666 /dev/net/tun)',
  ],
];

/** Why a box has no TUN device, from the words of ip(8). One clause. */
export function tunHindrance(said: string): string {
  const [, why] = TUN_HINDRANCES.find(([words]) => words.test(said)) ?? [];
  return why ?? `no TUN device: ${said}`;
}

/** What the machine refused; undefined: nothing, somebody ended it. A filter of system calls (seccomp(2)) may kill without a word. */
export function refusalIn(said: string, signal: NodeJS.Signals | null): string | undefined {
  if (said.trim() !== '') return `unshare ended: ${said.trim().replaceAll('\n', ', ')}`;
  return signal === 'SIGSYS' ? 'a filter of system calls keeps unshare from its work' : undefined;
}
