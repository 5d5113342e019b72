import path from 'node:path';

/** What the browser and editor tests run on. */
export const VERSIONS = {
  'code-server': '4.139.1',
  node: '24.21.0',
  '@sparticuz/chromium': '147.0.2',
} as const;

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
export const STAMP = JSON.stringify([VERSIONS, KEPT_EXTENSIONS]);

export const SERVER_ROOT = path.join(
  import.meta.dirname,
  '../../../.vscode-test',
  `code-server-${VERSIONS['code-server']}`,
);

/** The npm package that holds the server's own Node.js for this machine. */
export const NODE_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

export const SERVER_NODE = path.join(
  SERVER_ROOT,
  'node_modules',
  NODE_PACKAGE,
  process.platform === 'win32' ? 'bin/node.exe' : 'bin/node',
);
