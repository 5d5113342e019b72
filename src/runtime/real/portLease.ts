import net from 'node:net';
import { MeshSimError } from '../../base/errors.ts';
import { machineFault } from '../../base/machineFault.ts';
import { isPortFree } from '../../agent/services/freePort.ts';

/**
 * Below the ephemeral ranges of Linux (32768), macOS and Windows (49152): a port that was free when it was checked is
 * not given to some outgoing connection before the service listens on it.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;
const BLOCK_PORTS = 64;
const BLOCKS = Math.floor((LAST_PORT + 1 - FIRST_PORT) / BLOCK_PORTS);

/** Ports for the services of one run. */
export interface PortLease {
  readonly ports: readonly number[];
  release(): Promise<void>;
}

interface PortRange {
  readonly firstPort: number;
  readonly blocks: number;
}

/**
 * Leases `count` ports in blocks. A listening socket on a block's first port says on the whole machine that the block is
 * taken, and says no more as soon as this process is gone, however it went.
 * @throws MeshSimError `port-unavailable` when there are not that many, `machine-exhausted` when it cannot be tried.
 */
export async function leasePorts(
  count: number,
  range: PortRange = { firstPort: FIRST_PORT, blocks: BLOCKS },
): Promise<PortLease> {
  const guards: net.Server[] = [];
  const release = async () => {
    await Promise.all(guards.map(close));
  };
  try {
    const ports = await takePorts(count, range, guards);
    return { ports, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function takePorts(count: number, range: PortRange, guards: net.Server[]): Promise<number[]> {
  const ports: number[] = [];
  const offset = process.pid % range.blocks;
  for (let i = 0; i < range.blocks && ports.length < count; i += 1) {
    const first = range.firstPort + ((offset + i) % range.blocks) * BLOCK_PORTS;
    const guard = await guardBlock(first);
    if (guard === undefined) continue;
    guards.push(guard);
    for (let port = first + 1; port < first + BLOCK_PORTS && ports.length < count; port += 1) {
      if (await isPortFree(port)) ports.push(port);
    }
  }
  if (ports.length === count) return ports;
  throw new MeshSimError(
    'port-unavailable',
    `The services need ${count} ports, but only ${ports.length} are free between ${range.firstPort} and ` +
      `${range.firstPort + range.blocks * BLOCK_PORTS - 1}: end other runs or use fewer nodes.`,
  );
}

function guardBlock(port: number): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      const fault = machineFault(error);
      if (fault === undefined) resolve(undefined);
      else reject(fault);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

function close(server: net.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
