import type { TinyService } from '../support/tinyProduct.ts';
import { PATIENT_PROBE } from './jsonService.ts';

/** A module: `redis('store:6379', 'GET key')` is what redis answers, null for nothing; what it refuses is thrown. Words have no spaces. */
export const REDIS = `
import { createConnection } from 'node:net';
export async function redis(address, command) {
  const [host, port] = address.split(':');
  const socket = createConnection({ host, port: Number(port) });
  socket.setTimeout(30_000, () => socket.destroy(new Error(address + ' does not answer')));
  socket.end(command + '\\r\\nQUIT\\r\\n');
  let said = '';
  for await (const part of socket.setEncoding('utf8')) said += part;
  const [first, second] = said.split('\\r\\n');
  if (first[0] === '-') throw new Error(first);
  if (first[0] !== '$') return first.slice(1);
  return first === '$-1' ? null : second;
}
`;

/** redis-server of the machine at its usual port. @param settings beside port and folder */
export function redisService(name: string, ...settings: readonly string[]): TinyService {
  return {
    name,
    entry: {
      ...{ path: undefined, env: {}, program: { requires: 'redis-server' }, ports: { tcp: 6_379 } },
      start: [
        'redis-server',
        '--port',
        '${port:tcp}',
        '--dir',
        '${state}',
        '--protected-mode',
        'no',
        ...settings,
      ],
      health: { tcp: { port: 'tcp' }, ...PATIENT_PROBE },
    },
  };
}
