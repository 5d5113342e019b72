import type { RegistryInput } from './settle/settle.ts';

/** Longer lists are one entry a line. */
const WIDEST_LIST = 90;

/** The file as a person would write it: short lists and objects on one line. */
export function registryText(registry: RegistryInput): string {
  const text = JSON.stringify(registry, null, 2);
  const lists = text.replace(/\[\n\s+((?:"(?:\\.|[^"\\])*",?\s+)+)\]/g, (whole, inner: string) =>
    onOneLine(whole, inner, '[', ']'),
  );
  const flat = /\{\n\s+((?:"[\w.-]+": (?:"(?:\\.|[^"\\])*"|\d+),?\s+)+)\}/g;
  return `${lists.replace(flat, (whole, inner: string) => onOneLine(whole, inner, '{ ', ' }'))}\n`;
}

function onOneLine(whole: string, inner: string, open: string, close: string): string {
  const line = `${open}${inner.trim().replace(/\n\s+/g, ' ')}${close}`;
  return line.length <= WIDEST_LIST ? line : whole;
}
