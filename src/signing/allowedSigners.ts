import { hiddenCharacter } from '../base/visibleText.ts';
import { publicKeyFromSsh } from './publicKey.ts';
import type { SignerNamespace } from './publicKey.ts';
import { momentOf } from './sshMoment.ts';
import type { TrustedKey } from './trustedKeys.ts';

export interface AllowedSigner extends TrustedKey {
  /** A pattern list of OpenSSH's; here it is a label alone: whoever of them signs is believed. */
  readonly principal: string;
  /** A pattern list of OpenSSH's; undefined: the line names none, which in this format means any. */
  readonly namespaces: readonly string[] | undefined;
}

/** A line that trusts nobody, and why. */
export interface RefusedLine {
  /** From 1. */
  readonly line: number;
  /** The rest of a sentence that begins with the line's number. */
  readonly problem: string;
}

export interface AllowedSigners {
  readonly signers: readonly AllowedSigner[];
  readonly refused: readonly RefusedLine[];
}

/** The fields of a line (ssh-keygen(1), ALLOWED SIGNERS). Blanks part them, but not inside quotes. */
const LINE =
  /^(?:"(?<quoted>[^"]*)"|(?<plain>[^\s"]+))[ \t]+(?:(?<options>(?:[^\s"]|"[^"]*")+)[ \t]+)?(?<type>(?:ssh|ecdsa|sk)-[\w@.-]+)[ \t]+(?<key>[A-Za-z0-9+/=]+)(?:[ \t].*)?$/;
const KNOWN_OPTION = /^(?<name>namespaces|valid-after|valid-before)="(?<value>[^"]*)"$/i;
/** Where a list is in quotes its commas part nothing. */
const OPTION = /(?:[^,"]|"[^"]*")+/g;

/**
 * Reads an OpenSSH allowed_signers text. Namespaces and times of validity are honoured as OpenSSH does. What is not enforced here
 * refuses its whole line, which then trusts nobody: certificate authorities, and `!` among the principals, since who signed is
 * known here by key and never by name.
 */
export function readAllowedSignersText(text: string): AllowedSigners {
  const signers: AllowedSigner[] = [];
  const refused: RefusedLine[] = [];
  for (const [at, whole] of text.split(/\r?\n/).entries()) {
    const line = whole.replace(/^[ \t]+|\s+$/g, '');
    if (line === '' || line.startsWith('#')) continue;
    const read = signerOf(line);
    if (typeof read === 'string') refused.push({ line: at + 1, problem: read });
    else signers.push(read);
  }
  return { signers, refused };
}

/** As `readAllowedSignersText`, without the lines that are refused. */
export function parseAllowedSigners(text: string): AllowedSigner[] {
  return [...readAllowedSignersText(text).signers];
}

/** Each refused line as a sentence. @param name of the file */
export function refusedSentences({ refused }: AllowedSigners, name: string): string[] {
  return refused.map(
    ({ line, problem }) => `Line ${line} of ${name} trusts nobody: it ${problem}.`,
  );
}

function signerOf(line: string): AllowedSigner | string {
  const hidden = hiddenCharacter(line.replaceAll('\t', ' '));
  if (hidden !== undefined) return `has the character ${hidden}, which is not seen`;
  const groups = LINE.exec(line)?.groups;
  if (groups === undefined) return 'is not "principals [options] key-type key"';
  const principal = groups.quoted ?? groups.plain ?? '';
  const patterns = principal.split(',');
  if (patterns.some((pattern) => pattern.startsWith('!'))) {
    return 'excludes somebody with "!", and signers are known here by their keys alone: name those who are trusted';
  }
  if (patterns.includes('')) return 'has an empty principal';
  const limits = limitsIn(groups.options);
  if (typeof limits === 'string') return limits;
  if (groups.type !== 'ssh-ed25519')
    return `has a key of the type ${groups.type ?? ''}, which signs nothing here`;
  const publicKey = publicKeyFromSsh(groups.key ?? '');
  if (publicKey === undefined) return 'has a damaged key';
  return { principal, publicKey, ...limits };
}

type Limits = Pick<AllowedSigner, 'namespaces' | 'validAfter' | 'validBefore'>;

/** What a line's options say of it. A string is the problem. */
function limitsIn(options: string | undefined): Limits | string {
  const values = new Map<string, string>();
  for (const option of options?.match(OPTION) ?? []) {
    const { name, value } = KNOWN_OPTION.exec(option)?.groups ?? {};
    if (name === undefined) return `has the option ${option}, which is not enforced here`;
    const known = name.toLowerCase();
    if (values.has(known)) return `has ${known} twice`;
    values.set(known, value ?? '');
  }
  const validAfter = timeIn(values, 'valid-after');
  const validBefore = timeIn(values, 'valid-before');
  if (typeof validAfter === 'string') return validAfter;
  if (typeof validBefore === 'string') return validBefore;
  if ((validAfter ?? -Infinity) >= (validBefore ?? Infinity))
    return 'ceases to be valid before it is';
  return {
    namespaces: values.get('namespaces')?.split(','),
    ...(validAfter === undefined ? {} : { validAfter }),
    ...(validBefore === undefined ? {} : { validBefore }),
  };
}

/** Undefined: the line has no such option. A string is the problem. */
function timeIn(values: ReadonlyMap<string, string>, name: string): number | undefined | string {
  const text = values.get(name);
  if (text === undefined) return undefined;
  const problem = `has ${name}="${text}", which is no date such as 20260131 or 202601311200Z`;
  return momentOf(text) ?? problem;
}

/** match_pattern_list of OpenSSH (match.c): one negated pattern that matches excludes, whatever else does. */
function isInList(text: string, patterns: readonly string[]): boolean {
  const matches = (pattern: string) => wildcard(pattern).test(text);
  const [negated, positive] = [
    patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
    patterns.filter((pattern) => !pattern.startsWith('!')),
  ];
  return positive.some(matches) && !negated.some(matches);
}

/** `*` is any text, `?` any character; everything else stands for itself. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.split(/([*?]+)/).map((part, at) => {
    if (at % 2 === 0) return part.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&');
    // Stars in a row say no more than one, and would make the search take long.
    return `${'.'.repeat(part.replaceAll('*', '').length)}${part.includes('*') ? '.*' : ''}`;
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}

/** The keys that may sign results (or, with the ledger's namespace, checkpoints), and when. A log key must be named as one. */
export function keysAllowedFor(
  signers: readonly AllowedSigner[],
  namespace: SignerNamespace,
): TrustedKey[] {
  const allowed = signers.filter(({ namespaces }) =>
    namespaces === undefined ? namespace === 'mesh-sim' : isInList(namespace, namespaces),
  );
  return allowed.map(({ publicKey, validAfter, validBefore }) => ({
    publicKey,
    ...(validAfter === undefined ? {} : { validAfter }),
    ...(validBefore === undefined ? {} : { validBefore }),
  }));
}
