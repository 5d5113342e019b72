import { inspect } from 'node:util';

/** The ways in which the canaries are written; the services of the canary test use the same. */
export const TEN_ENCODINGS: Readonly<Record<string, (value: string) => string>> = {
  raw: (value) => value,
  JSON: (value) => JSON.stringify(value),
  'JSON inside JSON': (value) => JSON.stringify(JSON.stringify(value)),
  'a URL component': (value) => encodeURIComponent(value),
  'a form field': (value) => new URLSearchParams({ v: value }).toString().slice(2),
  'lower-case hex': (value) => Buffer.from(value).toString('hex'),
  'upper-case hex': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  base64: (value) => Buffer.from(value).toString('base64'),
  base64url: (value) => Buffer.from(value).toString('base64url'),
  'a JavaScript string': (value) => inspect(value),
};

function unit(code: number, isUpper: boolean): string {
  const digits = code.toString(16).padStart(4, '0');
  return String.raw`\u` + (isUpper ? digits.toUpperCase() : digits);
}

function bytesOf(value: string): number[] {
  return [...Buffer.from(value)];
}

function hexes(value: string): string[] {
  return bytesOf(value).map((byte) => byte.toString(16).padStart(2, '0'));
}

function wrapped(text: string, width: number, end: string): string {
  return (text.match(new RegExp(`.{1,${width}}`, 'gs')) ?? []).join(end);
}

/** Further ways, as languages, shells and wire formats write them. */
export const MORE_ENCODINGS: Readonly<Record<string, (value: string) => string>> = {
  'a whole URL': (value) => encodeURI(value),
  'userinfo of a URL': (value) => {
    const url = new URL('http://host/');
    url.password = value.replaceAll(/[\r\n\t]/g, encodeURIComponent);
    return url.password;
  },
  'percent signs only': (value) =>
    hexes(value)
      .map((hex) => `%${hex}`)
      .join(''),
  'JSON safe in HTML': (value) =>
    JSON.stringify(value).replaceAll(/[&<>+'/]/g, (one) => unit(one.charCodeAt(0), false)),
  'JSON of escapes only': (value) =>
    Array.from({ length: value.length }, (_, i) => unit(value.charCodeAt(i), true)).join(''),
  'named HTML entities': (value) =>
    value.replaceAll(/[&<>"'é+]/g, (one) => {
      const names: Record<string, string> = {
        '&': 'amp',
        '<': 'lt',
        '>': 'gt',
        '"': 'quot',
        "'": 'apos',
        é: 'eacute',
        '+': 'plus',
      };
      return `&${names[one]};`;
    }),
  'decimal HTML entities': (value) =>
    Array.from(value, (one) => `&#${one.codePointAt(0)};`).join(''),
  'hexadecimal HTML entities': (value) =>
    Array.from(value, (one) => `&#x${(one.codePointAt(0) ?? 0).toString(16)};`).join(''),
  'single quotes of a shell': (value) => `'${value.replaceAll("'", `'\\''`)}'`,
  'double quotes of a shell': (value) => `"${value.replaceAll(/["\\$`]/g, String.raw`\$&`)}"`,
  'backslashes of a shell': (value) => value.replaceAll(/[^a-z0-9\n]/gi, String.raw`\$&`),
  "$'…' of a shell": (value) =>
    `$'${bytesOf(value)
      .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\${byte.toString(8)}`))
      .join('')
      .replaceAll(/(?=')/g, '\\')
      .replaceAll('\n', String.raw`\n`)}'`,
  'bytes of Python': (value) =>
    `b'${hexes(value)
      .map((hex) => String.raw`\x` + hex)
      .join('')}'`,
  'a Buffer in JSON': (value) => JSON.stringify(Buffer.from(value)),
  'a Uint8Array in JSON': (value) =>
    JSON.stringify(new Uint8Array(Buffer.from(value)), undefined, 1),
  'bytes of Java': (value) => `[${[...new Int8Array(Buffer.from(value))].join(', ')}]`,
  'hex with colons': (value) => hexes(value).join(':').toUpperCase(),
  'hex with 0x': (value) =>
    hexes(value)
      .map((hex) => `0x${hex}`)
      .join(', '),
  'a Buffer shown': (value) => hexes(value).join(' '),
  'base64 in narrow lines': (value) =>
    wrapped(Buffer.from(value).toString('base64'), 7, '\r\n    '),
  'base64 in lines in JSON': (value) =>
    JSON.stringify(wrapped(Buffer.from(`user:${value}`).toString('base64'), 11, '\n')),
  'quoted-printable': (value) =>
    wrapped(
      hexes(value)
        .map((hex) => `=${hex.toUpperCase()}`)
        .join(''),
      30,
      '=\r\n',
    ),
  'colours of a terminal': (value) =>
    `\x1b[1m${value.slice(0, 3)}\x1b[01;31m\x1b[K${value.slice(3, 5)}\x1b(B\x1b[m${value.slice(5)}`,
  'colours in JSON': (value) =>
    JSON.stringify(`\x1b[38;5;9m${value.slice(0, 4)}\x1b[0m${value.slice(4)}`),
  'JSON in a URL': (value) => encodeURIComponent(JSON.stringify({ value })),
  'a URL in JSON in JSON': (value) => JSON.stringify(JSON.stringify(encodeURI(value))),
};
