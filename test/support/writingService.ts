import type { TinyService } from './tinyProduct.ts';

/** Of a service: `write()` adds 100,000 bytes to its state, and says "wrote" or "wrote not: ENOSPC". */
export const WRITE = `
import { appendFileSync } from 'node:fs';
function write() {
  try {
    appendFileSync(process.env.JOURNAL + '/journal', 'x'.repeat(100_000));
    console.log('wrote');
  } catch (error) {
    console.log('wrote not: ' + error.code);
  }
}
`;

const WRITER = `${WRITE}
import { createServer } from 'node:http';
createServer((request, response) => response.end('ok')).listen(process.env.PORT, '0.0.0.0');
setInterval(write, 50);
`;

/** A service that writes over and over. */
export const WRITING: TinyService = {
  name: 'web',
  files: { 'server.mjs': WRITER },
  entry: {
    env: { PORT: '${port:http}', JOURNAL: '${state}' },
    ports: { http: 7301 },
    health: { intervalMs: 50, timeoutMs: 1_000, deadlineMs: 60_000, tcp: { port: 'http' } },
  },
};
