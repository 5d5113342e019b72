import { MeshSimError } from '../../base/errors.ts';
import type { Registry } from '../../model/registry.ts';
import { missingPrograms } from '../../onramp/doctor/registryChecks.ts';
import { hasProgram, type MachineOptions } from './machine.ts';

/** @throws MeshSimError `service-failed` for the first program that services name and this machine lacks */
export function assertPrograms(machine: MachineOptions, { services }: Registry): void {
  const [missing] = missingPrograms(services, hasProgram(machine));
  if (missing === undefined) return;
  const { about, found, remedy = '' } = missing;
  throw new MeshSimError('service-failed', `The program ${about} is missing: ${found}: ${remedy}.`);
}
