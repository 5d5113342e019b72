import { envNameSchema } from '../../model/registry.ts';
import type { Gap, Said, Sketch, Variable } from '../sketch.ts';
import { escapedPlaceholders } from './commands.ts';
import { withAddresses, withHost, type Directory } from './addresses.ts';

/** A registry's own words, which sources do not use. */
const OWN_PLACEHOLDER = /^\$\{host\.(?:home|path)\}$/;

export interface SettledEnv {
  readonly env: readonly (readonly [name: string, said: Said<string>])[];
  readonly secrets: readonly (readonly [name: string, source: string])[];
  readonly gaps: readonly Gap[];
}

/** @param secretValues is added to: a secret has one value, whichever service names it */
export function settledEnv(
  sketch: Sketch,
  self: number,
  directory: Directory,
  secretValues: Map<string, string>,
): SettledEnv {
  const gaps: Gap[] = [];
  const env = new Map<string, Said<string>>();
  const secrets = new Map<string, string>();
  env.set('PATH', { value: '${host.path}', source: 'the search path of the machine' });
  for (const [name, { source }] of sketch.secrets) {
    secrets.set(name, source);
    const remedy = `store it with "mesh-sim vault set ${name}"`;
    gaps.push({ where: source, what: 'its value is a secret that is not known here', remedy });
  }
  for (const [name, variable] of sketch.env) {
    if (!envNameSchema.safeParse(name).success) {
      const what = `"${name}" is no name of a variable that shells know, so it is left out`;
      gaps.push({ where: variable.source, what, remedy: 'rename it' });
    } else if (variable.isSecret === true && isSame(secretValues, name, variable.value)) {
      secrets.set(name, variable.source);
      gaps.push({
        where: variable.source,
        what: `${name} looks like a secret and is not in git, so the registry has its name alone`,
        remedy: `store it with "mesh-sim vault set ${name}" ("mesh-sim try" takes it from there for its run)`,
      });
      secretValues.set(name, withoutPlaceholders(variable.value, self, directory));
    } else if (variable.isSecret === true) {
      const what = `${name} has another value for another service, and a secret has one: it is left out`;
      gaps.push({ where: variable.source, what, remedy: 'give it a name of its own' });
    } else if (name !== 'PATH') env.set(name, valueOf(name, variable, self, directory));
  }
  addPort(sketch, self, directory, env);
  for (const name of secrets.keys()) env.delete(name);
  return { env: [...env], secrets: [...secrets], gaps };
}

function isSame(known: ReadonlyMap<string, string>, name: string, value: string): boolean {
  return !known.has(name) || known.get(name) === value;
}

/** Secrets are handed over as they are: nothing in them is replaced. */
function withoutPlaceholders(value: string, self: number, directory: Directory): string {
  return withAddresses(value, self, { ...directory, ports: [] });
}

function valueOf(
  name: string,
  { value, source }: Variable,
  self: number,
  directory: Directory,
): Said<string> {
  if (OWN_PLACEHOLDER.test(value)) return { value, source };
  const own = (directory.ports[self] ?? []).find(({ original }) => `${original}` === value);
  if (own !== undefined && /PORT$/i.test(name)) return { value: `\${port:${own.name}}`, source };
  const literal = escapedPlaceholders(value);
  const isHost = /HOST(NAME)?$/i.test(name) && !value.includes(':');
  return {
    value: isHost ? withHost(literal, directory) : withAddresses(literal, self, directory),
    source,
  };
}

/** A service that reads its port is told it. */
function addPort(
  { portVariable }: Sketch,
  self: number,
  { ports }: Directory,
  env: Map<string, Said<string>>,
): void {
  const [first] = ports[self] ?? [];
  if (portVariable === undefined || first === undefined) return;
  const { value: name, source } = portVariable;
  if (!env.get(name)?.value.startsWith('${port:'))
    env.set(name, { value: `\${port:${first.name}}`, source });
}
