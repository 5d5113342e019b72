import serialize from 'canonicalize';
import { MeshSimError, messageOf } from '../base/errors.ts';

/** Deeper than anything we write; keeps recursive readers of hostile files off the end of their stack. */
const MAX_DEPTH = 64;

/** Names that reach an object's prototype in careless code; nothing we sign needs them. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

function refuse(problem: string, cause?: unknown): never {
  throw new MeshSimError('not-canonical', `Not canonical JSON: ${problem}.`, { cause });
}

function checkString(text: string): void {
  // `isWellFormed` is newer than the TypeScript library we target, not newer than the Node we run on.
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)) {
    refuse('a string holds half of a surrogate pair');
  }
}

function checkNumber(value: number): void {
  if (!Number.isFinite(value)) refuse('a number is not finite');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    refuse(`the integer ${value} is beyond 2^53 and would not survive every reader`);
  }
}

function checkKey(key: string): void {
  if (FORBIDDEN_KEYS.has(key)) refuse(`the key "${key}" is not allowed`);
  checkString(key);
}

function checkValue(value: unknown, depth: number): void {
  if (depth > MAX_DEPTH) refuse(`it is nested more than ${MAX_DEPTH} levels deep`);
  if (typeof value === 'string') checkString(value);
  if (typeof value === 'number') checkNumber(value);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) checkValue(item, depth + 1);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    checkKey(key);
    checkValue(item, depth + 1);
  }
}

/**
 * The RFC 8785 (JCS) bytes of a value: UTF-8, no white space, keys sorted by UTF-16 code units. Properties that are
 * undefined are left out. Throws `not-canonical` on whatever `parseCanonical` would refuse to read.
 */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalText(value));
}

function canonicalText(value: unknown): string {
  checkValue(value, 0);
  return serialize(value) ?? refuse('there is no value');
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    return refuse('it is not UTF-8 text', error);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return refuse(
      `it is not JSON (${messageOf(error).replaceAll(/\s+/g, ' ').slice(0, 120)})`,
      error,
    );
  }
}

/**
 * Parses bytes that must be exactly the RFC 8785 form of what they say. Because they are compared with the canonical
 * form of the parsed value, duplicate keys, white space, other number spellings and a byte order mark all fail.
 * Throws `not-canonical`; `maxBytes` bounds the work done for a hostile file.
 */
export function parseCanonical(bytes: Uint8Array, maxBytes: number): unknown {
  if (bytes.length === 0) refuse('it is empty');
  if (bytes.length > maxBytes) refuse(`it has ${bytes.length} bytes, more than ${maxBytes}`);
  const text = decode(bytes);
  const value = parse(text);
  if (canonicalText(value) !== text) {
    refuse('the bytes differ from the RFC 8785 form of what they say');
  }
  return value;
}

/** Whether two values say the same: their canonical bytes are equal. */
export function isSame(left: unknown, right: unknown): boolean {
  return canonicalText(left) === canonicalText(right);
}
