import { parseArgs } from 'node:util';
import { MeshSimError, messageOf } from '../base/errors.ts';
import type { HostDemand } from '../model/hostDemand.ts';
import { REQUIRED_ISOLATIONS, type RequiredIsolation } from '../model/isolation.ts';
import { hostDemandOf } from './hostDemandFlag.ts';

export interface VerifyCommand {
  readonly file: string;
  readonly key?: string;
  readonly capsule?: string;
  readonly allowedSigners?: string;
  readonly logKey?: string;
  readonly maxAgeMs?: number;
  readonly minNodes?: number;
  readonly requireChaos: boolean;
  readonly requireIsolation?: RequiredIsolation;
  readonly requireHosts?: HostDemand;
  readonly requirePass: boolean;
  /** A Capsule's hash, or the file of its manifest. */
  readonly upgradeFrom?: string;
  readonly requireRollback: boolean;
  /** Set by every other policy option: who asks how it was rehearsed asks for a real rehearsal that passed. */
  readonly requireReal: boolean;
  readonly print?: 'result' | 'statement' | 'summary';
  readonly json: boolean;
}

export type Invocation = VerifyCommand | 'help' | 'version';

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const OPTIONS = {
  file: { type: 'string', short: 'f' },
  key: { type: 'string' },
  capsule: { type: 'string' },
  'allowed-signers': { type: 'string' },
  'log-key': { type: 'string' },
  'max-age': { type: 'string' },
  'min-nodes': { type: 'string' },
  'require-chaos': { type: 'boolean', default: false },
  'require-isolation': { type: 'string' },
  'require-hosts': { type: 'string' },
  'require-pass': { type: 'boolean', default: false },
  'require-upgrade-from': { type: 'string' },
  'require-rollback': { type: 'boolean', default: false },
  print: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

function usage(problem: string): never {
  throw new MeshSimError('usage', `${problem} "oai-verify-sim --help" shows how it is called.`);
}

function durationOf(text: string): number {
  const match = /^(\d{1,6})([mhdw])$/.exec(text);
  const unit = UNIT_MS[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    return usage(
      `--max-age ${text} is not a duration: write a number and m, h, d or w, such as 7d.`,
    );
  }
  return Number(match[1]) * unit;
}

function countOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) return usage(`--min-nodes ${text} is not a whole number.`);
  return Number(text);
}

function printOf(text: string): 'result' | 'statement' | 'summary' {
  if (text === 'result' || text === 'statement' || text === 'summary') return text;
  return usage(`--print ${text} is not one of result, statement, summary.`);
}

function isolationOf(text: string): RequiredIsolation {
  const level = REQUIRED_ISOLATIONS.find((one) => one === text);
  return (
    level ?? usage(`--require-isolation ${text} is not one of ${REQUIRED_ISOLATIONS.join(', ')}.`)
  );
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: OPTIONS,
      strict: true,
      allowPositionals: true,
      tokens: true,
    });
  } catch (error) {
    return usage(`${messageOf(error).split(/\.\s/)[0] ?? ''}.`);
  }
}

/** Reads the command line. Throws `usage`. */
export function readInvocation(args: readonly string[]): Invocation {
  const { values, positionals, tokens } = parse(args);
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  const twice = given.find((name, at) => given.indexOf(name) < at);
  // The parser would take the last one: a pipeline that adds --file must not have another one verified.
  if (twice !== undefined) return usage(`--${twice} is given twice.`);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const [positional, extra] = positionals;
  const file = values.file ?? positional;
  if (file === undefined) return usage('Which file? Give --file result.capsim.');
  if (extra !== undefined || (positional !== undefined && values.file !== undefined)) {
    return usage('One file is verified at a time.');
  }
  const { 'max-age': maxAge, 'min-nodes': minNodes } = values;
  const isolation = values['require-isolation'];
  const hosts = values['require-hosts'];
  const upgradeFrom = values['require-upgrade-from'];
  const asked = [maxAge, minNodes, isolation, hosts, upgradeFrom].some(
    (value) => value !== undefined,
  );
  const isGate = asked || values['require-chaos'] || values['require-rollback'];
  return {
    file,
    ...(values.key === undefined ? {} : { key: values.key }),
    ...(values.capsule === undefined ? {} : { capsule: values.capsule }),
    ...(values['allowed-signers'] === undefined
      ? {}
      : { allowedSigners: values['allowed-signers'] }),
    ...(values['log-key'] === undefined ? {} : { logKey: values['log-key'] }),
    ...(maxAge === undefined ? {} : { maxAgeMs: durationOf(maxAge) }),
    ...(minNodes === undefined ? {} : { minNodes: countOf(minNodes) }),
    ...(values.print === undefined ? {} : { print: printOf(values.print) }),
    ...(isolation === undefined ? {} : { requireIsolation: isolationOf(isolation) }),
    ...(hosts === undefined ? {} : { requireHosts: hostDemandOf(hosts, usage) }),
    ...(upgradeFrom === undefined ? {} : { upgradeFrom }),
    requireChaos: values['require-chaos'],
    requireRollback: values['require-rollback'],
    requirePass: values['require-pass'] || isGate,
    requireReal: isGate,
    json: values.json,
  };
}

export const HELP = `Verifies sealed mesh-sim evidence, offline.

  oai-verify-sim --file result.capsim [options]

Trust
  --key <pub.pem>             trust this public key (SPKI PEM) and no other
  --allowed-signers <file>    trust the keys of this OpenSSH allowed_signers file
                              (default: the one in your mesh-sim config folder)
  --log-key <pub.pem>         insist on a ledger whose checkpoint this key signed
Subject
  --capsule <capsule.json>    the evidence must be about exactly this Capsule
Policy
  --max-age <7d>              at most this long since the run ended (m, h, d, w)
  --min-nodes <n>             at least this many nodes
  --require-chaos             the run must have had chaos
  --require-isolation <level> every node must have had of its own: its network (network), or
                              its processes and files too (full); as much of that as the
                              machine gives (available); any asks for nothing
  --require-hosts <n>         at least this many nodes lived on other hosts; or what a gate asks of
                              hosts: minRemote=2,distinctHosts=3,kinds=local+ssh,
                              maxClockErrorMs=5,platform=linux/arm64
  --require-upgrade-from <x>  all nodes ran this Capsule first, and were upgraded from it: its hash,
                              or its capsule.json
  --require-rollback          they all went back to it on the way
  --require-pass              the run must have passed
                              Each of the others asks for that too, and for real
                              processes of the signed commits with signature checks on
Output
  --print <what>              result, statement or summary; nothing else on stdout
  --json                      the whole report as one JSON object
  --help, --version

Exit code
  0  genuine, and signed by a key trusted here   (a genuine record of a failed run is genuine)
  1  invalid
  2  wrong usage, or a file that cannot be read
  3  intact, but the signer is not trusted here
  4  genuine, but the policy is not met
`;
