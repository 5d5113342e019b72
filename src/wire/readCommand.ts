import { MeshSimError } from '../base/errors.ts';
import type { AgentCommand, LaunchCommand } from './control.ts';

type Kind<T> = T extends string
  ? 'string'
  : T extends number
    ? 'number'
    : T extends boolean
      ? 'boolean'
      : 'object';

/** What must be there, and as what: the compiler demands an entry for each. */
type Fields<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: Kind<T[K]>;
};
type FieldsOf<T extends AgentCommand['type']> = Omit<
  Fields<Extract<AgentCommand, { readonly type: T }>>,
  'type'
>;

const COMMANDS: { readonly [T in AgentCommand['type']]: FieldsOf<T> } = {
  launch: {
    nodeId: 'string',
    index: 'number',
    nodes: 'number',
    incarnation: 'number',
    network: 'object',
    origin: 'number',
    neighbours: 'object',
    trees: 'object',
    nextHops: 'object',
    asks: 'object',
    wireAsks: 'object',
    askedSeldom: 'object',
    chunkCount: 'number',
    heldBefore: 'object',
    source: 'boolean',
    verify: 'boolean',
    byzantine: 'boolean',
    plannedLoss: 'number',
    capsuleHash: 'string',
    publicKey: 'string',
    folder: 'string',
    services: 'object',
  },
  probe: { count: 'number' },
  'end-asking': {},
  'check-health': {},
  byzantine: {},
  offer: {},
  move: { to: 'string' },
  'take-over': {},
  'give-up': {},
  check: { id: 'number', check: 'number', window: 'string', wave: 'number' },
  workload: {},
  'healthy-elsewhere': { service: 'string' },
  disturb: { fault: 'number' },
  'turn-granted': { id: 'number' },
  'once-answered': { id: 'number', answer: 'string' },
  'open-port': { id: 'number', service: 'string', port: 'string', at: 'number' },
  'tell-contents': {},
  stop: {},
};

const SERVICES: Fields<LaunchCommand['services']> = {
  buildCacheFolder: 'string',
  toolCacheFolder: 'string',
  proxy: 'object',
  hostPath: 'string',
  servicePorts: 'object',
  askedNames: 'object',
  askedPorts: 'object',
  places: 'object',
  healthyElsewhere: 'object',
  needsWire: 'boolean',
  secrets: 'object',
};

/**
 * A line of the control channel as a command. Whoever sends it is of the same installation and has compiled it against the same
 * types: what is looked for is whether all of it came.
 * @throws MeshSimError `internal` for one that is none, or leaves something out, without a word of its values; SyntaxError
 */
export function readCommand(line: string): AgentCommand {
  const command = JSON.parse(line) as unknown;
  const { type } = (isObject(command) ? command : {}) as { readonly type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(COMMANDS, type)) {
    throw new MeshSimError('internal', 'It got a command that it does not know.');
  }
  const known = command as AgentCommand;
  demand(type, known, COMMANDS[known.type]);
  if (known.type === 'launch') demand('launch.services', known.services, SERVICES);
  return known;
}

function demand(name: string, value: object, fields: Readonly<Record<string, string>>): void {
  const given = value as Readonly<Record<string, unknown>>;
  const wrong = Object.keys(fields).find(
    (field) => typeof given[field] !== fields[field] || given[field] === null,
  );
  if (wrong === undefined) return;
  throw new MeshSimError('internal', `It got a command "${name}" without its "${wrong}".`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
