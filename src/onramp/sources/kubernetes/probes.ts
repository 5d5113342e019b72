import { unwrapped } from '../../compose/composeService.ts';
import { timesOf } from '../../programs/healthOfCommand.ts';
import type { HealthSketch, HealthTimes, Said } from '../../sketch.ts';
import { listOf, recordOf, textOf, type Values } from '../values.ts';

export function healthOf(
  container: Values,
  place: string,
): Said<HealthSketch & HealthTimes> | undefined {
  for (const kind of ['readinessProbe', 'startupProbe', 'livenessProbe']) {
    const probe = recordOf(container[kind]);
    const found = probeOf(probe, container);
    if (found === undefined) continue;
    const times = timesOf({
      intervalMs:
        probe.periodSeconds === undefined ? undefined : 1_000 * Number(textOf(probe.periodSeconds)),
      timeoutMs:
        probe.timeoutSeconds === undefined
          ? undefined
          : 1_000 * Number(textOf(probe.timeoutSeconds)),
    });
    return { value: { ...found, ...times }, source: `${place}, ${kind}` };
  }
  return undefined;
}

function probeOf(
  { httpGet, tcpSocket, exec }: Values,
  container: Values,
): HealthSketch | undefined {
  const port = (value: unknown): { port?: number } => {
    const text = textOf(value) ?? '';
    const named = listOf(container.ports)
      .map(recordOf)
      .find(({ name }) => textOf(name) === text);
    const number = Number(textOf(named?.containerPort) ?? text);
    return number > 0 ? { port: number } : {};
  };
  if (httpGet !== undefined) {
    const { path, port: at } = recordOf(httpGet);
    return { kind: 'http', path: textOf(path) ?? '/', ...port(at) };
  }
  if (tcpSocket !== undefined) return { kind: 'tcp', ...port(recordOf(tcpSocket).port) };
  const words = listOf(recordOf(exec).command).map((word) => textOf(word) ?? '');
  return words.length === 0 ? undefined : { kind: 'command', command: unwrapped(words) };
}
