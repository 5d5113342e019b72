import { MeshSimError } from '../base/errors.ts';

/** A flag's value is not what it takes; `expected` with an example. */
export function flagUsage(flag: string, value: string, expected: string): MeshSimError {
  return new MeshSimError('usage', `${flag} ${value}: expected ${expected}.`);
}
