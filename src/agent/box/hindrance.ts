import { readRegularSync } from '../../base/regularFile.ts';

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
  try {
    return readRegularSync(`/proc/sys/${setting}`).toString('utf8').trim();
  } catch {
    return '';
  }
}
