import { compact } from './matching/foldings.ts';
import type { Pattern } from './matching/patternAutomaton.ts';
import type { Reading, SecretPatterns } from './matching/secretMatcher.ts';
import { unescaped } from './matching/unescaper.ts';

/** Shorter values are found by chance in ordinary text, so they can be neither kept secret nor redacted. */
export const MIN_SECRET_CHARS = 6;

type Texts = Readonly<Record<Reading, readonly Uint8Array[]>>;

/** What to look for in each reading of a stream. A value's index is its owner. */
export function patternsOf(values: readonly string[]): SecretPatterns {
  const all = values.map((value) => partsOf(value).map(textsOf));
  const of = (reading: Reading): Pattern[] =>
    all.flatMap((parts, owner) =>
      parts.flatMap((texts) =>
        texts[reading]
          .filter((bytes) => bytes.length >= MIN_SECRET_CHARS)
          .map((bytes) => ({ bytes, owner })),
      ),
    );
  return {
    plain: of('plain'),
    unescaped: of('unescaped'),
    compact: of('compact'),
    hex: of('hex'),
    decimal: of('decimal'),
  };
}

/**
 * The value; of one of several lines also each line, for they may be printed one by one; and what is between the marks
 * of a PEM (RFC 7468), for it may be printed without them.
 */
function partsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const body = /-----BEGIN [^-]+-----([^-]+)-----END /.exec(value)?.[1]?.trim() ?? '';
  return [value, ...new Set([body, ...lines])].filter(
    (part, i) => i === 0 || part.length >= MIN_SECRET_CHARS,
  );
}

function textsOf(text: string): Texts {
  const bytes = Buffer.from(text);
  const spellings = spellingsOf(text, bytes).map(unescaped);
  const packed = [...new Set([text, inJson(text)])].map((one) => Buffer.from(one));
  return {
    plain: [bytes],
    // The compact reading finds all others; it is the dearest of all, so it is not done twice.
    unescaped: spellings.filter((one) => compact(one).length < MIN_SECRET_CHARS),
    compact: [...spellings, ...packed.flatMap(inBase64)].map(compact),
    hex: packed.flatMap(inHex),
    decimal: packed.flatMap(inDecimals),
  };
}

/** Those that differ once escapes are undone. */
function spellingsOf(text: string, bytes: Buffer): string[] {
  return [
    text,
    // Behind a backslash that belongs to other text, a first letter may look like an escape.
    `\\${text}`,
    // The bytes as characters, as Python and shells write them: `\xc3\xa9`, `\303\251`.
    bytes.toString('latin1'),
    new URLSearchParams({ v: text }).toString().slice('v='.length),
    text.replaceAll("'", `'\\''`),
    text.replaceAll("'", `'"'"'`),
    text.replace(/\r?\n/g, '\r\n'),
    quotedPrintable(bytes),
    // A backslash that is written as an escape and followed by another escape is lost between them.
    text.replaceAll('\\', ''),
    // Quoted-printable of all bytes, without its `=`.
    bytes.toString('hex').toUpperCase(),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** RFC 2045, section 6.7; its `=` does not count in the compact reading. */
function quotedPrintable(bytes: Buffer): string {
  return Array.from(bytes, (byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x3d;
    return isPlain
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

function inHex(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  return [hex, hex.replace(/../g, '0x$&')].map((text) => Buffer.from(text));
}

/** Also as signed bytes, and with their indices, as `JSON.stringify(new Uint8Array(…))` writes them. */
function inDecimals(bytes: Buffer): Buffer[] {
  const numbers = Array.from(bytes, String);
  const signed = Array.from(bytes, (byte) => String((byte << 24) >> 24));
  const indexed = numbers.map((number, i) => `${i}:${number}`);
  return [numbers, signed, indexed].map((list) => Buffer.from(list.join(',')));
}

function inBase64(bytes: Buffer): Buffer[] {
  return [...alignments(bytes, 'base64'), ...alignments(bytes, 'base64url')];
}

/**
 * What is always there of the base64 of a text that holds these bytes: they begin at one of three places in a group of
 * three bytes, and the characters they share with their neighbours are left out.
 */
function alignments(bytes: Buffer, encoding: 'base64' | 'base64url'): Buffer[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding);
    const firstOwn = Math.ceil((before * 8) / 6);
    const endOfOwn = Math.floor(((before + bytes.length) * 8) / 6);
    return Buffer.from(text.slice(firstOwn, endOfOwn));
  });
}
