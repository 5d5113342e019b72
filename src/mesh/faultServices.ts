import { MeshSimError } from '../base/errors.ts';
import { kindOf, type EffectOf, type FaultKind } from '../model/faultKinds.ts';
import type { FaultEffect } from '../model/faultSchemas.ts';
import type { Plan } from '../model/plan.ts';
import { chaosSchedule } from './chaosSchedule.ts';

const SERVICES: { readonly [Kind in FaultKind]?: (effect: EffectOf<Kind>) => readonly string[] } = {
  pause: ({ services = [] }) => services,
  killService: ({ killService: { service } }) => (service === undefined ? [] : [service]),
};

function servicesOf(effect: FaultEffect): readonly string[] {
  const named = SERVICES[kindOf(effect)] as ((of: FaultEffect) => readonly string[]) | undefined;
  return named?.(effect) ?? [];
}

/**
 * @param services of the Capsule
 * @throws MeshSimError plan-invalid when a fault names a service that the Capsule does not have
 */
export function requireKnownServices(plan: Plan, services: readonly string[]): void {
  chaosSchedule(plan).forEach(({ do: effect }, index) => {
    const unknown = servicesOf(effect).find((name) => !services.includes(name));
    if (unknown === undefined) return;
    throw new MeshSimError(
      'plan-invalid',
      `chaos fault ${index} names the service "${unknown}", which the Capsule does not have; name one of ${services.join(', ')}.`,
    );
  });
}
