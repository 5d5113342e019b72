import path from 'node:path';

/** A VS Code that tests run in: code-server and what belongs to it, all from npm. */
export interface Edition {
  /** npm packages in a folder of their own; `node` stands for the package that holds Node.js for this machine. */
  readonly versions: Readonly<Record<'code-server' | 'node', string> & Record<string, string>>;
  /** Dependencies of the server whose own version would have to be compiled, or downloads its program elsewhere. */
  readonly replaced: Readonly<Record<string, string>>;
}

/** What tests run in unless they say otherwise; the browser of all of them comes with it. */
export const CURRENT: Edition = {
  versions: { 'code-server': '4.139.1', node: '24.21.0', '@sparticuz/chromium': '147.0.2' },
  replaced: {},
};

/** The oldest VS Code that package.json's `engines` lets in, with the newest patch, and the Node.js it is made for. */
export const OLDEST: Edition = {
  versions: { 'code-server': '4.103.2', node: '22.17.0' },
  replaced: {
    'node-pty': '1.2.0-beta.15',
    '@vscode/ripgrep': 'npm:@vscode/ripgrep-universal@1.18.0',
  },
};

/** Of the built-in extensions; all others only cost time. */
export const KEPT_EXTENSIONS = [
  'simple-browser',
  'theme-defaults',
  'theme-seti',
  'json',
  'json-language-features',
  'configuration-editing',
  'javascript',
  'log',
  'yaml',
  'markdown-basics',
] as const;

/** Written into an installed folder: one with another stamp is installed anew. */
export function stampOf({ versions, replaced }: Edition): string {
  return JSON.stringify([versions, KEPT_EXTENSIONS, ...Object.entries(replaced)]);
}

export function rootOf({ versions }: Edition): string {
  const name = `code-server-${versions['code-server']}`;
  return path.join(import.meta.dirname, '../../../.vscode-test', name);
}

/** The npm package that holds the server's own Node.js for this machine. */
export const NODE_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

export function nodeOf(edition: Edition): string {
  const program = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  return path.join(rootOf(edition), 'node_modules', NODE_PACKAGE, program);
}
