/**
 * The whole loop on a copy of harbor-pay: pack, simulate with a crash, export, verify offline, stop a drifted node, deploy, and take
 * the next version through a gate that asks for the change to be rehearsed, there and back.
 * Everything it writes, keys included, is in one temporary folder; the evidence stays there to be looked at.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commitHarborPay, gitIn } from './harborPay.mjs';

const ROOT = path.join(import.meta.dirname, '..');
const MESH_SIM = path.join(ROOT, 'dist', 'meshSim.cjs');
const VERIFY = path.join(ROOT, 'dist', 'verifySim.cjs');

/** What a person types for each. */
const COMMANDS = { [MESH_SIM]: 'mesh-sim', [VERIFY]: 'oai-verify-sim' };

const work = mkdtempSync(path.join(tmpdir(), 'mesh-sim-demo-'));
const product = path.join(work, 'harbor-pay');
const environment = { ...process.env, MESH_SIM_CONFIG: path.join(work, 'config') };

function heading(text) {
  process.stdout.write(`\n\u001b[1m── ${text}\u001b[0m\n\n`);
}

/** Runs a program and ends the demo unless it exits as the story says. */
function run(program, args, { expect = 0, capture = false, cwd = product } = {}) {
  const shown = [program === process.execPath ? COMMANDS[args[0]] : program, ...args.slice(1)];
  if (!capture) process.stdout.write(`\u001b[2m$ ${shown.join(' ')}\u001b[0m\n`);
  const result = spawnSync(program, args, {
    cwd,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
  });
  if (result.error) throw result.error;
  if (result.status !== expect) {
    process.stderr.write(`\nThe demo expected exit code ${expect} but got ${result.status}.\n`);
    process.exit(1);
  }
  return capture ? result.stdout.trim() : '';
}

function meshSim(args, options) {
  return run(process.execPath, [MESH_SIM, ...args], options);
}

heading(`A product of three services, in a fresh git repository (${product})`);
cpSync(path.join(ROOT, 'examples/harbor-pay'), product, { recursive: true });
await commitHarborPay(product);
const older = await gitIn(product, 'rev-parse', 'HEAD~1');
process.stdout.write(`${await gitIn(product, 'log', '--oneline')}\n`);

heading('1. Pack it into a signed Capsule');
const capsuleHash = meshSim(['pack'], { capture: true });
process.stdout.write(`capsuleHash ${capsuleHash}\n`);
const capsule = capsuleHash.slice(0, 12);

heading('2. Rehearse it: five node processes, 40–180 ms, 4 % loss, one crash mid-deploy');
const network = ['--nodes', '5', '--latency', '40-180', '--loss', '4', '--seed', '609'];
meshSim(['--capsule', capsule, ...network, '--chaos', 'crash-mid-deploy']);

heading('3. Export the evidence and verify it offline');
const runs = meshSim(['ledger', 'list', '--json'], { capture: true })
  .split('\n')
  .map((line) => JSON.parse(line));
const { simId } = runs.findLast((entry) => entry.kind === 'sim-result');
const capsim = path.join(work, 'result.capsim');
meshSim(['export', simId, '--output', capsim], { capture: true });
run(process.execPath, [VERIFY, '--file', capsim, '--min-nodes', '5', '--require-chaos'], {
  cwd: work,
});

heading(`4. Offer node n2 another commit of orders (${older.slice(0, 7)}): it must halt`);
meshSim(['--capsule', capsule, ...network, '--drift', `n2:orders@${older.slice(0, 12)}`], {
  expect: 1,
});

heading('5. Let 1.0 into production: it was rehearsed, too');
await gitIn(product, 'checkout', '--quiet', older);
const before = meshSim(['pack'], { capture: true }).slice(0, 12);
await gitIn(product, 'checkout', '--quiet', '-');
writeFileSync(
  path.join(product, 'mesh.environments.json'),
  JSON.stringify({
    environments: {
      production: {
        production: true,
        target: { kind: 'directory', path: '../production' },
        // This runs on any machine: one that is busy answers late, and misses the timing of its network.
        gate: { allowDegraded: true, objectives: 'ignore' },
      },
    },
  }),
);
const small = ['--nodes', '3', ...network.slice(2), '--chaos', 'crash-mid-deploy'];
meshSim(['--capsule', before, ...small], { capture: true });
meshSim(['deploy', '--capsule', before, '--env', 'production']);

heading(
  '6. 1.1 started well on empty nodes, but production runs 1.0: the gate asks for that change',
);
meshSim(['gate', '--capsule', capsule, '--env', 'production'], { expect: 4 });

heading('7. Upgrade from what is active to 1.1, back in the middle, and there again');
meshSim(['--capsule', capsule, '--from', 'active:production', ...small]);
meshSim(['deploy', '--capsule', capsule, '--env', 'production']);

heading('8. The ledger has seen it all');
meshSim(['ledger', 'list']);
meshSim(['ledger', 'verify', '--since', capsim]);
process.stdout.write(`\nThe evidence: ${capsim}\n`);
