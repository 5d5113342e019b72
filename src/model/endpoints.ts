import * as z from 'zod/mini';
import { endsInNumber, type HostMention } from './hostPattern.ts';

/**
 * A host, as an environment's owner writes it: `db.example.com`, `*.example.com` (any subdomain), `prod-*`, `10.20.0.0/16`
 * (IPv4), each with an optional `:port`.
 */
export const endpointPatternSchema = z.string().check(
  z.regex(
    /^(?:[A-Za-z0-9_*](?:[A-Za-z0-9_.*-]*[A-Za-z0-9_*])?|(?:\d{1,3}\.){3}\d{1,3}\/(?:[12]?\d|3[0-2])|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/,
    'must be a host such as "db.example.com", "*.example.com" or "10.20.0.0/16", with ":port" if only that port is meant',
  ),
  z.refine(
    (pattern) => !/^[*.]+$/.test(pattern),
    'matches every host: name the hosts that are meant',
  ),
  z.refine(isPossible, 'matches no host: its address or its port is out of range'),
);

/** A pattern that can never match would protect nothing. */
function isPossible(pattern: string): boolean {
  const [, host = '', port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(pattern) ?? [];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false;
  if (host.startsWith('[')) return URL.canParse(`http://${host}`);
  const isAddress = /^(?:\d+\.){3}\d+(?:\/\d+)?$/.test(host);
  return !isAddress || host.split(/[./]/).every((part) => Number(part) <= 255);
}

const HOST =
  /\[([0-9A-Fa-f:.]+)\](?::(\d{1,5}))?|([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)\.?(?::(\d{1,5})(?!\d))?/g;

/** Names in any script, and the full stops that resolvers take for one. */
const WIDE_HOST =
  /([\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.\u3002\uFF0E\uFF61-]*[\p{L}\p{M}\p{N}_])?)[.\u3002\uFF0E\uFF61]?(?::(\d{1,5})(?!\d))?/gu;

/** What may be an IPv6 address without brackets, as a variable of its own has it. */
const BARE_ADDRESS = /[0-9A-Fa-f:.]{2,}/g;

function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped.replaceAll(/%([2-7][0-9A-Fa-f])/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
    }
  });
}

/** Everything in a text that could be a host: URLs, lists, connection strings and JSON need not be told apart. */
export function hostsIn(text: string): HostMention[] {
  const texts = new Set([text, percentDecoded(text)]);
  return [...texts].flatMap((one) => [
    ...[...one.matchAll(HOST)]
      .filter(({ 3: name, index }) => name === undefined || isHost(name, one, index))
      .map(([, six, sixPort, name, namePort]) => mentionOf(six ?? name ?? '', sixPort ?? namePort)),
    ...[...one.matchAll(BARE_ADDRESS)]
      .filter(([run]) => run.indexOf(':') !== run.lastIndexOf(':'))
      .map(([run]) => mentionOf(run.replace(/^[.]|^:(?!:)|[.]$/g, ''), undefined)),
    ...widelyNamed(one),
  ]);
}

/** Numbers and versions are everywhere: what is no dotted quad is an address only where a URL has its host. */
function isHost(name: string, text: string, index: number): boolean {
  if (!endsInNumber(name) || /^(?:\d+\.){3}\d+$/.test(name)) return true;
  return /(?:\/\/|@)$/.test(text.slice(Math.max(0, index - 2), index));
}

/** What is ASCII is found without this; beside other scripts it may be a part of another name as well. */
function widelyNamed(text: string): HostMention[] {
  if (/^[\0-\x7F]*$/.test(text)) return [];
  return [...text.matchAll(WIDE_HOST)].map(([, name, port]) => mentionOf(name ?? '', port));
}

function mentionOf(host: string, port: string | undefined): HostMention {
  return { host: host.toLowerCase(), ...(port === undefined ? {} : { port: Number(port) }) };
}
