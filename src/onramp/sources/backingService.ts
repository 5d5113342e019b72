import type { Gap } from '../sketch.ts';
import type { Backing } from './backing.ts';

export function backingGap(where: string, image: string, backing: Backing, isHere: boolean): Gap {
  return {
    where,
    what: `${image} is not carried over, so whoever needs it has to find one`,
    remedy: isHere
      ? `start ${backing.program} on this machine, at its usual port ${backing.port}, before the rehearsal`
      : `install ${backing.install} on this machine and start it, at its usual port ${backing.port}, before the rehearsal`,
  };
}
