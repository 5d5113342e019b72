import { refusal, wrap } from './refusal.ts';

/** libuv's codes are negative error numbers of the system: EACCES is 13 wherever there are any, 4092 on Windows. */
const EACCES = process.platform === 'win32' ? -4_092 : -13;

/** What is inside Node.js under one name: functions, and classes of handles. */
type Binding = Record<string, { readonly prototype: object } | undefined>;

/**
 * Refuses addresses where Node.js hands them to the system, after every look-up and in the form the kernel gets. What went
 * past sockets.ts (a look-up of one's own, a handle of `process.binding`) comes through here.
 */
export function guardHandles(): void {
  const TCP = binding('tcp_wrap')?.TCP?.prototype;
  const UDP = binding('udp_wrap')?.UDP?.prototype;
  // connect(request, address, port)
  for (const name of ['connect', 'connect6']) if (TCP) guardAt(TCP, name, 1, 2);
  // connect(address, port); send(request, list, length, port, address, hasCallback)
  for (const name of ['connect', 'connect6']) if (UDP) guardAt(UDP, name, 0, 1);
  for (const name of ['send', 'send6']) if (UDP) guardAt(UDP, name, 4, 3);
}

function guardAt(prototype: object, name: string, hostAt: number, portAt: number): void {
  wrap(prototype, name, (original) => {
    return function (this: unknown, ...args) {
      const [host, port] = [args[hostAt], args[portAt]];
      if (typeof host !== 'string' || typeof port !== 'number') return original.apply(this, args);
      return refusal({ host, port }, name) === undefined ? original.apply(this, args) : EACCES;
    };
  });
}

/** Undefined where this Node.js does not give it, as under its permission model. The deprecation is not the service's. */
export function binding(name: string): Binding | undefined {
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    return (process as unknown as { binding: (name: string) => Binding }).binding(name);
  } catch {
    return undefined;
  } finally {
    if (noDeprecation === undefined) Reflect.deleteProperty(process, 'noDeprecation');
    else process.noDeprecation = noDeprecation;
  }
}
