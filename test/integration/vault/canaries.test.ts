import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createApi } from '../../../src/api/app.ts';
import { serveLoopback } from '../../../src/api/loopback.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { startedSchema } from '../../../src/model/api.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import { findRun, readStatement } from '../../../src/studio/runs/runs.ts';
import { Studio } from '../../../src/studio/studio.ts';
import { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { runPaths } from '../../../src/studio/workspace/workspacePaths.ts';
import { Vault } from '../../../src/vault/vault.ts';
import { TEN_ENCODINGS } from '../../support/canaries.ts';
import { DIST } from '../../support/commandLine.ts';
import { createTinyRepository, type TinyRepository } from '../../support/tinyProduct.ts';

const PASSPHRASE = 'correct horse battery';
const CANARIES = new Map(
  Array.from({ length: 200 }, (_, i) => [
    `CANARY_${i}`,
    `k${i}"/é+&${randomBytes(9).toString('base64')}`,
  ]),
);

/** What the service writes: every canary in every encoding, many to a line, for lines are counted. */
const SERVICE = `
  import { createServer } from 'node:http';
  import { writeSync } from 'node:fs';
  import { inspect } from 'node:util';
  const encodings = [${Object.values(TEN_ENCODINGS).map(String).join(',\n')}];
  const canaries = Object.entries(process.env).filter(([name]) => name.startsWith('CANARY_'));
  const lines = [];
  for (let i = 0; i < canaries.length; i += 4) {
    const shown = canaries.slice(i, i + 4).flatMap(([, value]) => [
      ...encodings.map((encode) => encode(value)),
      ...['x', 'xy'].map((before) => Buffer.from(before + value + 'after').toString('base64')),
    ]);
    lines.push('planted ' + shown.join(' | '));
  }
  const all = lines.join('\\n') + '\\n';
  const inPieces = (stream) => {
    for (let at = 0; at < all.length; at += 1000) stream.write(all.slice(at, at + 1000));
  };
`;

const PASSING = `${SERVICE}
  process.report.writeReport('crash-report.json');
  inPieces(process.stdout);
  inPieces(process.stderr);
  console.log(JSON.stringify(process.env).slice(0, 3000));
  let asked = 0;
  createServer((_, response) => {
    asked += 1;
    response.statusCode = asked === 1 ? 503 : 200;
    response.end(all);
  }).listen(Number(process.env.PORT), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));`;

const CRASHING = `${SERVICE}
  writeSync(2, all);
  const error = new Error(all);
  error.stack = all + error.stack;
  setTimeout(() => { throw error; }, 100);`;

/** Written independently of what the product searches for. */
function needles(): Buffer[] {
  return [...CANARIES.values()].flatMap((value) => [
    ...Object.values(TEN_ENCODINGS).map((encode) => Buffer.from(encode(value))),
    // Of base64 at the other alignments: what both ends share with other text is left out.
    ...['x', 'xy'].map((before) =>
      Buffer.from(
        Buffer.from(before + value)
          .toString('base64')
          .slice(4, -4),
      ),
    ),
  ]);
}

describe('vault: 200 canaries in ten encodings', () => {
  const products: TinyRepository[] = [];
  afterEach(async () => {
    for (const product of products.splice(0)) await product.dispose();
  });

  /** Runs the service in a real run behind a real server, and returns every byte anybody could see of it. */
  async function traceOf(code: string) {
    const entry = { secrets: [...CANARIES.keys()] };
    const product = await createTinyRepository([
      { name: 'leaky', files: { 'server.mjs': code }, entry },
    ]);
    products.push(product);
    const configFolder = path.join(product.folder, 'config');
    await new Vault({
      folder: path.join(configFolder, 'vault'),
      passphrases: { passphrase: () => Promise.resolve(PASSPHRASE) },
      workFactor: 4,
    }).set('sim', CANARIES);
    const workspace = new Workspace({
      folder: product.repo,
      configFolder,
      bundleFolder: DIST,
      environment: { ...process.env, MESH_SIM_VAULT_PASSPHRASE: PASSPHRASE },
      clock: systemClock,
      product: 'test',
    });
    const registryFile = path.join(product.repo, 'mesh.services.json');
    const signal = new AbortController().signal;
    const { capsule } = await packWorkspace(workspace, { registryFile, allowDirty: false, signal });
    const { capsuleHash } = capsule;
    const studio = new Studio(workspace);
    const server = await serveLoopback(createApi(studio, { refusal: () => undefined }), {
      pageFolder: path.join(DIST, 'page'),
    });
    const get = async (route: string, body?: unknown) => {
      const response = await fetch(`http://127.0.0.1:${server.port}${route}`, {
        headers: { authorization: `Bearer ${server.token}` },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
      return Buffer.from(await response.arrayBuffer());
    };
    const params = { nodes: 2, latencyMs: [1, 5] };
    const started = await get('/api/mesh-sim/start', { capsuleHash, params });
    const { simId } = startedSchema.parse(JSON.parse(started.toString()));
    const live = await get(`/api/mesh-sim/events?simId=${simId}`);
    const again = await get(`/api/mesh-sim/events?simId=${simId}`);
    const evidence = await get(`/api/mesh-sim/${simId}/evidence`);
    const timeline = await get('/api/provenance');
    await studio.dispose();
    await server.close();
    const { capsim } = await findRun(workspace, simId);
    const statement = await readStatement(workspace, capsim, simId);
    const payload = Buffer.from(JSON.stringify(statement));
    const seen = [live, again, evidence, timeline, payload, ...(await filesIn(product.repo))];
    return {
      seen: [...seen, ...(await filesIn(configFolder))],
      events: await readFile(runPaths(workspace.paths, simId).events, 'utf8'),
      statement,
    };
  }

  function assertNoCanary(seen: readonly Buffer[]): void {
    const all = Buffer.concat(seen.flatMap((bytes) => [bytes, Buffer.from('\n')]));
    for (const needle of needles()) {
      const at = all.indexOf(needle);
      assert.equal(at, -1, `${needle.toString()} in …${all.subarray(at - 80, at + 80).toString()}`);
    }
  }

  function masks(text: string): number {
    return text.split('***').length - 1;
  }

  it('leave no trace of a run that passes: stdout, stderr, health bodies, a diagnostic report', async () => {
    const { seen, events, statement } = await traceOf(PASSING);
    const { result, environment } = statement.predicate.meshsim_evidence;
    assert.equal(result.outcome, 'pass');
    // They were really written: two nodes, two streams, 200 canaries, twelve times each.
    assert.ok(masks(events) >= 2 * 2 * 200 * 12, `${masks(events)} masks`);
    assertNoCanary(seen);
    assert.match(environment.envFingerprint ?? '', /^[0-9a-f]{64}$/);
  });

  it('leave no trace of a run that fails over an error that quotes them', async () => {
    const { seen, events, statement } = await traceOf(CRASHING);
    const { result } = statement.predicate.meshsim_evidence;
    assert.equal(result.outcome, 'fail');
    const details = result.nodeReports.flatMap(({ phases }) =>
      phases.map(({ details }) => details),
    );
    assert.match(details.join('\n'), /Service "leaky" on n\d exited with code 1/);
    assert.ok(masks(events) >= 200 * 12, `${masks(events)} masks`);
    assertNoCanary(seen);
  });
});

/** The bytes of every file below a folder. */
async function filesIn(folder: string): Promise<Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFile(path.join(parentPath, name))),
  );
}
