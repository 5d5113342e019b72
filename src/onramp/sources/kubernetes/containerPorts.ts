import type { ListeningPort } from '../../sketch.ts';
import { listOf, recordOf, textOf, type Values } from '../values.ts';
import type { Resource } from './resources.ts';

export function portsOf(container: Values, place: string): ListeningPort[] {
  return listOf(container.ports).flatMap((entry, index) => {
    const { containerPort, protocol } = recordOf(entry);
    const value = Number(textOf(containerPort));
    if (!(value > 0) || (textOf(protocol) ?? 'TCP') !== 'TCP') return [];
    return [{ value, source: `${place}, ports[${index}]` }];
  });
}

/** Under which names and ports others know a container: those of the Services that select it. */
export function servicesOf(resources: readonly Resource[], labels: Values, container: Values) {
  const aliases: string[] = [];
  const knownAs = new Map<number, number>();
  const named = new Map(
    listOf(container.ports).map((entry) => {
      const { name, containerPort } = recordOf(entry);
      return [textOf(name) ?? '', Number(textOf(containerPort))] as const;
    }),
  );
  for (const { value, name, kind } of resources) {
    const selector = Object.entries(recordOf(recordOf(value.spec).selector));
    const isMatch =
      selector.length > 0 && selector.every(([key, wanted]) => labels[key] === wanted);
    if (kind !== 'Service' || !isMatch) continue;
    aliases.push(name);
    for (const entry of listOf(recordOf(value.spec).ports)) {
      const { port, targetPort } = recordOf(entry);
      const target = textOf(targetPort) ?? textOf(port) ?? '';
      knownAs.set(Number(textOf(port)), named.get(target) ?? Number(target));
    }
  }
  return { aliases, knownAs };
}
