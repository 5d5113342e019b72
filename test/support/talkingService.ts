import { closeSync, openSync } from 'node:fs';
import type { TinyService } from './tinyProduct.ts';

/**
 * Asks the service of another node, over and over, and is healthy once it was answered. On the node that KILLS names, it ends the relay
 * of its box; everybody is healthy then, answered or not, and that node once it has done it.
 */
const PEER = `
import { createServer, get } from 'node:http';
import { lookup } from 'node:dns/promises';
import { readdirSync, readFileSync } from 'node:fs';
const [own, other] = process.env.NODE === 'n0' ? ['n0', 'n1'] : ['n1', 'n0'];
const [kills, when] = process.env.KILLS.split(' ');
let answered = kills !== 'nobody' && (kills !== own || when === 'again');
let passed = 0;
createServer((request, response) => {
  const isHealth = request.url === '/health';
  // The second time it is for the verdict.
  if (isHealth && answered && ++passed === 2 && kills === own && when === 'again') killRelay();
  response.statusCode = isHealth && !answered ? 503 : 200;
  response.end(request.socket.remoteAddress);
}).listen(7301, '0.0.0.0');
function ask() {
  const began = performance.now();
  get({ host: 'web.' + other, port: 7301, path: '/', timeout: 1000, agent: false }, (response) => {
    let text = '';
    response.on('data', (bytes) => (text += bytes)).on('end', () => {
      console.log('answered ' + (performance.now() - began).toFixed(1) + ' ' + text);
      answered = true;
    });
  }).on('timeout', function () { this.destroy(new Error('silence')); }).on('error', (error) => {
    console.log('failed ' + (error.code ?? error.message));
    setTimeout(ask, 50);
  });
}
for (const name of [other, other + '.mesh', 'web.' + other, own, 'web']) {
  console.log('name ' + name + ' ' + (await lookup(name, { family: 4 })).address);
}
ask();
if (kills === own && when === 'begun') {
  killRelay();
  // The run does not go on before.
  answered = true;
}
function killRelay() {
  const of = (pid, what) => readFileSync('/proc/' + pid + '/' + what, 'utf8');
  const pids = readdirSync('/proc').filter((pid) => /^[0-9]+$/.test(pid));
  // Of a door that forks it, or a program of its own.
  const isRelay = (pid) => of(pid, 'comm') === 'relay\\n' || of(pid, 'cmdline').endsWith('\\0mesh0\\0');
  process.kill(Number(pids.find(isRelay)), 'SIGKILL');
}
`;

/**
 * Healthy once it was answered by that of the other of two nodes.
 * @param kills id of the node that ends its own relay @param when once it has begun, or when it is asked for its health again
 */
export function talkingService(kills = 'nobody', when: 'begun' | 'again' = 'begun'): TinyService {
  return {
    name: 'web',
    files: { 'server.mjs': PEER },
    entry: {
      env: { NODE: '${node.id}', KILLS: `${kills} ${when}` },
      ports: { http: 7301 },
      health: {
        ...{ intervalMs: 50, timeoutMs: 1_000, deadlineMs: 60_000 },
        http: { port: 'http', path: '/health' },
      },
    },
  };
}

/** Why this machine gives services no wire; undefined: it does. */
export function wireHindrance(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has TUN devices';
  try {
    closeSync(openSync('/dev/net/tun', 'r+'));
    return undefined;
  } catch (error) {
    return String(error);
  }
}
