import { ACCESS_PRESETS } from '../model/accessPresets.ts';
import { flagUsage } from './flagUsage.ts';

/**
 * `--access n3=starlink`, once for each node: the last mile a node is given, by the name of its preset.
 * @throws MeshSimError `usage`
 */
export function accessFlag(values: readonly string[]): Record<string, string> {
  const access = new Map<string, string>();
  for (const value of values) {
    const [, node = '', preset = ''] = /^(n\d+)=(.+)$/.exec(value) ?? [];
    if (node === '') throw flagUsage('--access', value, 'node=preset, such as n3=starlink');
    if (!ACCESS_PRESETS.some((one) => one === preset)) {
      throw flagUsage('--access', value, `one of ${ACCESS_PRESETS.join(', ')} for ${node}`);
    }
    if (access.has(node)) throw flagUsage('--access', value, `${node} once`);
    access.set(node, preset);
  }
  return Object.fromEntries(access);
}
