import net from 'node:net';
import { machineFault } from '../../base/machineFault.ts';

/**
 * Whether nobody listens on this port of the loopback interface: tried by listening there for an instant.
 * @throws MeshSimError `machine-exhausted` when it cannot be tried
 */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error) => {
      const fault = machineFault(error);
      if (fault === undefined) resolve(false);
      else reject(fault);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
