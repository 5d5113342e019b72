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
