import type { Gap, HealthTimes, Said, Sketch } from '../sketch.ts';
import { escapedCommand, withPorts } from './commands.ts';
import type { SettledPort } from './ports.ts';
import type { RegistryInput } from './settle.ts';

type HealthInput = RegistryInput['services'][number]['health'];

/** The check its sources give, or the weakest that says anything: that it listens, or that it runs. */
export function settledHealth(
  { name, health, start }: Sketch,
  ports: readonly SettledPort[],
): { health: Said<HealthInput>; gap?: Gap } {
  const [first] = ports;
  if (health !== undefined) {
    const { value, source } = health;
    const { intervalMs, timeoutMs, deadlineMs } = value;
    const times = { ...present({ intervalMs, timeoutMs, deadlineMs }) };
    if (value.kind === 'command') {
      const command = withPorts(escapedCommand(value.command), ports);
      return { health: { value: { command, ...times }, source } };
    }
    const asked = value.port;
    const port = (ports.find(({ original }) => original === asked) ?? first)?.name;
    if (port !== undefined) {
      const check =
        value.kind === 'http' ? { http: { port, path: value.path } } : { tcp: { port } };
      return { health: { value: { ...check, ...times }, source } };
    }
  }
  if (first !== undefined) {
    const what = `no health check of "${name}" is known, so it counts as healthy when it accepts a connection`;
    return {
      health: { value: { tcp: { port: first.name } }, source: first.source },
      gap: { where: start.source, what, remedy: 'give it a health path, and name it in "health"' },
    };
  }
  return {
    health: { value: { command: ['true'] }, source: start.source },
    gap: {
      where: start.source,
      what: `no port and no health check of "${name}" is known, so it counts as healthy while it runs`,
      remedy: 'give its "health" a command that asks it',
    },
  };
}

function present(times: { [Key in keyof HealthTimes]: HealthTimes[Key] | undefined }): HealthTimes {
  return Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined));
}
