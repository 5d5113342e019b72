import { asLine } from '../programs/program.ts';
import type { Gap, ListeningPort, Sketch } from '../sketch.ts';

export interface SettledPort {
  /** In the registry. */
  readonly name: string;
  /** In the registry. */
  readonly number: number;
  /** What the sources call it. */
  readonly original: number;
  readonly source: string;
}

/**
 * Ports of all services, so that no two on a node have the same: whoever is told its port, by a variable or in its command, gets
 * the next free number.
 */
export function settledPorts(sketches: readonly Sketch[]): { ports: SettledPort[][]; gaps: Gap[] } {
  const gaps: Gap[] = [];
  const listening = sketches.map(portsOf);
  // Who cannot be told another number keeps its own.
  const taken = new Map<number, string>();
  for (const [index, sketch] of sketches.entries()) {
    for (const { value, source } of listening[index] ?? []) {
      if (isTold(sketch, value)) continue;
      const other = taken.get(value);
      if (other === undefined) taken.set(value, sketch.name);
      else {
        gaps.push({
          where: source,
          what: `"${sketch.name}" and "${other}" both listen on ${value}, and neither is told its port`,
          remedy: 'let one of them read it from the variable PORT',
        });
      }
    }
  }
  const ports = sketches.map((sketch, index) =>
    (listening[index] ?? []).map(({ value, source }, at) => {
      let number = value;
      if (isTold(sketch, value)) {
        while (taken.has(number)) number += 1;
        taken.set(number, sketch.name);
      }
      return { name: at === 0 ? firstName(sketch) : `p${value}`, number, original: value, source };
    }),
  );
  return { ports, gaps };
}

/** A port that its environment names comes first, whatever else is published. */
function portsOf(sketch: Sketch): ListeningPort[] {
  const variable = sketch.env.get(sketch.portVariable?.value ?? 'PORT');
  const told = Number(variable?.value);
  const isPort = variable !== undefined && Number.isInteger(told) && told > 0 && told < 65_536;
  const first = isPort ? [{ value: told, source: variable.source }] : [];
  const rest = sketch.ports.filter(({ value }) => value !== first[0]?.value);
  return [...first, ...rest];
}

function firstName({ health, program }: Sketch): string {
  return health?.value.kind === 'tcp' || program !== undefined ? 'tcp' : 'http';
}

function isTold(sketch: Sketch, port: number): boolean {
  // Its command was made for it, with the port by name.
  if (sketch.program !== undefined) return true;
  const isFirst = portsOf(sketch)[0]?.value === port;
  if (isFirst && sketch.portVariable !== undefined) return true;
  const hasVariable = [...sketch.env].some(
    ([name, { value }]) => /PORT$/i.test(name) && value === `${port}`,
  );
  return hasVariable || mentionsPort(asLine(sketch.start.value), port);
}

/** A number that stands alone, or after a colon or an equals sign. */
export function portPattern(port: number): RegExp {
  return new RegExp(`(^|[\\s:='"])${port}(?=$|[\\s'"/])`, 'g');
}

function mentionsPort(line: string, port: number): boolean {
  return portPattern(port).test(line);
}
