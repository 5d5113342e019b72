import { nodeIdSchema } from '../../model/names.ts';
import type { Sketch } from '../sketch.ts';

const LONGEST = 56;

/** Names a registry can have, each once, in the order of the sketches. */
export function settledNames(sketches: readonly Sketch[]): string[] {
  const taken = new Set<string>();
  return sketches.map(({ name }) => unused(serviceName(name), taken));
}

function serviceName(wanted: string): string {
  const name = wanted
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, LONGEST);
  if (name === '') return 'service';
  return nodeIdSchema.safeParse(name).success ? `${name}-service` : name;
}

export function productName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  return name === '' ? 'product' : name.slice(0, 64);
}

function unused(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
  taken.add(name);
  return name;
}
