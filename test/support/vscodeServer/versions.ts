import path from 'node:path';

/** What the browser and editor tests run on. The stamp of an installed folder is these, as JSON, in this order. */
export const VERSIONS = {
  'code-server': '4.139.1',
  node: '24.21.0',
  '@sparticuz/chromium': '147.0.2',
} as const;

export const STAMP = JSON.stringify(VERSIONS);

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
