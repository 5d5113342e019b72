import { MeshSimError } from '../base/errors.ts';
import { kindOf, type EffectOf, type FaultKind } from '../model/faultKinds.ts';
import type { FaultEffect } from '../model/faultSchemas.ts';
import type { Plan } from '../model/plan.ts';
import { isOneShot, type Service } from '../model/registry.ts';
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
 * @throws MeshSimError plan-invalid when a fault names a service that the Capsule does not have, or one that has ended by then
 */
export function requireKnownServices(
  plan: Plan,
  services: readonly Pick<Service, 'name' | 'health'>[],
): void {
  const running = services.filter((service) => !isOneShot(service)).map(({ name }) => name);
  chaosSchedule(plan).forEach(({ do: effect }, index) => {
    const wrong = servicesOf(effect).find((name) => !running.includes(name));
    if (wrong === undefined) return;
    const why = services.some(({ name }) => name === wrong)
      ? 'a one-shot service, which ends when its work is done: there is nothing to act on'
      : 'which the Capsule does not have';
    const others = running.length === 0 ? 'leave it out' : `name one of ${running.join(', ')}`;
    throw new MeshSimError(
      'plan-invalid',
      `chaos fault ${index} names the service "${wrong}", ${why}; ${others}.`,
    );
  });
}
