/**
 * Decodes standard base64 with padding, and only in its one canonical spelling: two spellings of the same bytes would
 * let a signed file be altered without its signature noticing. Undefined when it is anything else.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
