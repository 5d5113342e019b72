import type { TinyService } from './tinyProduct.ts';

const WRITER = `
import { createServer } from 'node:http';
import { appendFileSync } from 'node:fs';
createServer((request, response) => response.end('ok')).listen(process.env.PORT, '0.0.0.0');
function write() {
  try {
    appendFileSync(process.env.JOURNAL + '/journal', 'x'.repeat(100_000));
    console.log('wrote');
  } catch (error) {
    console.log('wrote not: ' + error.code);
  }
}
setInterval(write, 50);
`;

/** A service that writes 100,000 bytes to its state over and over, and says "wrote" or "wrote not: ENOSPC". */
export const WRITING: TinyService = {
  name: 'web',
  files: { 'server.mjs': WRITER },
  entry: {
    env: { PORT: '${port:http}', JOURNAL: '${state}' },
    ports: { http: 7301 },
    health: { intervalMs: 50, timeoutMs: 1_000, deadlineMs: 60_000, tcp: { port: 'http' } },
  },
};
