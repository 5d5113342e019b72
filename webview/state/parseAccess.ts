import type { Access } from '../../src/model/access.ts';
import {
  ACCESS_OF_PRESET,
  ACCESS_PRESETS,
  type AccessPreset,
} from '../../src/model/accessPresets.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import { PRESET_NAME_LENGTH, RATE_BITS } from '../../src/model/paramLimits.ts';
import { numberAt, objectAt, oneOf, textAt } from './jsonParts.ts';
import { parseDelay, parseLoss } from './parseLink.ts';

/** A last mile by the name of a preset, or in figures. */
export type AccessChoice = AccessPreset | Access;
export type AccessChoices = Readonly<Record<string, AccessChoice>>;

/** In figures, as the plan will have them. */
export function figuresOf(access: AccessChoices): Record<string, Access> {
  return Object.fromEntries(
    Object.entries(access).map(([node, choice]) => [
      node,
      typeof choice === 'string' ? ACCESS_OF_PRESET[choice] : choice,
    ]),
  );
}

const KEYS = ['preset', 'delay', 'loss', 'upBitsPerSecond', 'downBitsPerSecond'] as const;

/** Node → its last mile, as nodeAccessSchema of model/access.ts has it. @throws PartError */
export function parseAccess(value: unknown, nodes: number): Record<string, AccessChoice> {
  const ids = Array.from({ length: nodes }, (_, index) => nodeIdOf(index));
  return Object.fromEntries(
    Object.entries(objectAt(value, 'access', ids)).map(([node, given]) => [
      node,
      choiceAt(given, `access.${node}`),
    ]),
  );
}

function choiceAt(value: unknown, path: string): AccessChoice {
  if (typeof value === 'string') return oneOf(ACCESS_PRESETS, value, path);
  const given = objectAt(value, path, KEYS);
  const { preset, delay, loss, upBitsPerSecond: up, downBitsPerSecond: down } = given;
  return {
    ...(preset !== undefined && { preset: textAt(preset, `${path}.preset`, PRESET_NAME_LENGTH) }),
    ...(delay !== undefined && { delay: parseDelay(delay, `${path}.delay`) }),
    ...(loss !== undefined && { loss: parseLoss(loss, `${path}.loss`) }),
    ...(up !== undefined && {
      upBitsPerSecond: numberAt(up, `${path}.upBitsPerSecond`, RATE_BITS),
    }),
    ...(down !== undefined && {
      downBitsPerSecond: numberAt(down, `${path}.downBitsPerSecond`, RATE_BITS),
    }),
  };
}
