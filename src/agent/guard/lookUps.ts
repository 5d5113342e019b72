import dns from 'node:dns';
import { portOf, refusal, wrap } from './refusal.ts';

const NAME_SERVICE_PORT = 53;
/** `127.0.0.1`, `127.0.0.1:53`, `[::1]:53` and `::1`, as setServers takes them. */
const SERVER = /^(?:\[(.+)\]|([^:]+)|(.*:.*:.*))(?::(\d+))?$/;

/** Every question about a name: look-ups by the system, and records of all kinds by c-ares. */
const QUESTIONS = [
  ...['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveCaa', 'resolveCname'],
  ...['resolveMx', 'resolveNaptr', 'resolveNs', 'resolvePtr', 'resolveSoa', 'resolveSrv'],
  ...['resolveTlsa', 'resolveTxt'],
];

/** Refuses to ask for denied names, and to ask anything of name servers at denied addresses. */
export function guardLookUps(): void {
  const { Resolver, promises } = dns;
  for (const name of QUESTIONS) {
    for (const owner of [dns, Resolver.prototype]) {
      wrap(owner, name, (original) => {
        return function (this: unknown, ...args) {
          const refused = refusal({ host: String(args[0]) }, name);
          const callback = args.at(-1);
          if (refused === undefined || typeof callback !== 'function') {
            return original.apply(this, args);
          }
          process.nextTick(callback, refused);
          return undefined;
        };
      });
    }
    for (const owner of [promises, promises.Resolver.prototype]) {
      wrap(owner, name, (original) => {
        return function (this: unknown, ...args) {
          const refused = refusal({ host: String(args[0]) }, name);
          return refused === undefined ? original.apply(this, args) : Promise.reject(refused);
        };
      });
    }
  }
  for (const owner of [dns, promises, Resolver.prototype, promises.Resolver.prototype]) {
    wrap(owner, 'setServers', (original) => {
      return function (this: unknown, ...args) {
        const refused = refusedServer(args[0]);
        if (refused !== undefined) throw refused;
        return original.apply(this, args);
      };
    });
  }
}

/** c-ares sends its questions itself: no socket of Node.js sees them. */
function refusedServer(servers: unknown): Error | undefined {
  if (!Array.isArray(servers)) return undefined;
  for (const server of servers) {
    const [, bracketed, plain, six, port] = SERVER.exec(String(server)) ?? [];
    const host = bracketed ?? plain ?? six ?? String(server);
    const refused = refusal({ host, port: portOf(port) ?? NAME_SERVICE_PORT }, 'setServers');
    if (refused !== undefined) return refused;
  }
  return undefined;
}
