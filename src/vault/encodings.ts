import { inspect } from 'node:util';

/** Shorter values are found by chance in ordinary text, so they can be neither kept secret nor redacted. */
export const MIN_SECRET_CHARS = 6;

/**
 * The texts a value may appear as in output: itself, inside JSON (also twice, also ASCII only), inside a URL or a form,
 * in hex, in base64 and base64url at each of the three alignments, inside HTML, and inside a quoted JavaScript string.
 * The value is well-formed Unicode. Of a value of several lines each line counts on its own too: it may be printed or wrapped line by line.
 */
export function encodingsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const parts = new Set([value, ...lines.filter((line) => line.length >= MIN_SECRET_CHARS)]);
  return [...new Set([...parts].flatMap(encodingsOfPart))];
}

function encodingsOfPart(text: string): string[] {
  const bytes = Buffer.from(text);
  const json = inJson(text);
  return [
    text,
    json,
    inJson(json),
    json.replaceAll('/', String.raw`\/`),
    asciiJson(json, (hex) => hex),
    asciiJson(json, (hex) => hex.toUpperCase()),
    ...inUrls(text, bytes),
    ...inHex(bytes),
    ...alignments(bytes, 'base64'),
    ...alignments(bytes, 'base64url'),
    inHtml(text),
    inspect(text).slice(1, -1),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function asciiJson(json: string, digits: (hex: string) => string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => {
    return String.raw`\u` + digits(unit.charCodeAt(0).toString(16).padStart(4, '0'));
  });
}

function inUrls(text: string, bytes: Buffer): string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*]/g, (character) => percent(character.charCodeAt(0)));
  const form = new URLSearchParams({ v: text }).toString().slice('v='.length);
  const whole = Array.from(bytes, percent).join('');
  return [component, strict, form, whole].flatMap((one) => [one, lowerPercents(one)]);
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function lowerPercents(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/** Plain, and with spaces as Node.js shows a Buffer. */
function inHex(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  const spaced = hex.replace(/..(?=.)/g, '$& ');
  return [hex, hex.toUpperCase(), spaced, spaced.toUpperCase()];
}

/**
 * What is always there of the base64 of a text that holds these bytes: they begin at one of three places in a group of
 * three bytes, and the characters they share with their neighbours are left out.
 */
function alignments(bytes: Buffer, encoding: 'base64' | 'base64url'): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding);
    const firstOwn = Math.ceil((before * 8) / 6);
    const endOfOwn = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(firstOwn, endOfOwn);
  });
}

const HTML_ESCAPES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function inHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ESCAPES.get(character) ?? character);
}
