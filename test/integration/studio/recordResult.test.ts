import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import { parsePlan } from '../../../src/studio/runs/planFile.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import { readRecorded, recordResult } from '../../../src/studio/runs/recordResult.ts';
import { findRun, verifyEvidence } from '../../../src/studio/runs/runs.ts';
import { simulateMesh, type FinishedSimulation } from '../../../src/studio/runs/simulateMesh.ts';
import type { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { sshPublicLine } from '../../../src/signing/publicKey.ts';
import { Redactor } from '../../../src/vault/redactor.ts';
import { createHarborPay, type HarborPay } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { workspaceIn } from '../../support/workspace.ts';

const NEVER = new AbortController().signal;

interface Unsealed {
  readonly problems: readonly string[];
  readonly statement: EvidenceStatement;
}

describe('recording a run', () => {
  let harbor: HarborPay;
  let workspace: Workspace;

  beforeEach(async () => {
    harbor = await createHarborPay();
    workspace = await workspaceIn(harbor.folder, { ...process.env });
  });
  afterEach(() => harbor.dispose());

  async function simulated(signal = NEVER): Promise<FinishedSimulation> {
    const { registryFile } = harbor;
    const { capsule } = await packWorkspace(workspace, {
      registryFile,
      allowDirty: false,
      signal: NEVER,
    });
    const { capsuleHash } = capsule;
    const plan = parsePlan({ capsuleHash, world: 'virtual', params: { nodes: 3 } }, 'plan');
    return simulateMesh(workspace, {
      plan,
      keepRuns: false,
      concurrent: false,
      signal,
      onEvent: () => undefined,
    });
  }

  it('twice gives the same artifact and one entry', async () => {
    const { observation, signed, recorded } = await simulated();
    const entries = await (await workspace.ledger()).size();
    const again = await recordResult(workspace, {
      observation,
      signed,
      redactor: new Redactor(new Map()),
    });
    assert.deepEqual(Buffer.from(again.capsim), Buffer.from(recorded?.capsim ?? []));
    assert.equal(await (await workspace.ledger()).size(), entries);
  });

  it('keeps what was observed, unsigned, when the record contradicts itself', async () => {
    const { observation, signed } = await simulated();
    const entries = await (await workspace.ledger()).size();
    const simId = randomUUID();
    const broken = { ...observation, simId, outcome: 'fail' as const };
    const redactor = new Redactor(new Map());
    const sentence = await sentenceOf(
      'internal',
      recordResult(workspace, { observation: broken, signed, redactor }),
    );
    const file = path.join(workspace.paths.runs, simId, 'unsealed.json');
    assert.match(sentence, /add up to "pass"/);
    assert.ok(sentence.includes(`.meshsim/runs/${simId}/unsealed.json`), sentence);
    const kept = JSON.parse(await readFile(file, 'utf8')) as Unsealed;
    assert.ok(kept.problems.length > 0 && kept.problems.every((one) => sentence.includes(one)));
    assert.equal(kept.statement.predicate.meshsim_evidence.result.simId, simId);
    assert.equal(await (await workspace.ledger()).size(), entries);
  });

  it('keeps what was observed, unsigned, when the agent that holds the key is gone', async () => {
    const { observation, signed } = await simulated();
    const entries = await (await workspace.ledger()).size();
    const { configFolder, environment } = workspace.options;
    await writeFile(path.join(configFolder, 'capsule.pub'), `${sshPublicLine(signed.publicKey)}\n`);
    environment.SSH_AUTH_SOCK = path.join(configFolder, 'nobody-listens-here');
    const simId = randomUUID();
    const redactor = new Redactor(new Map());
    const run = { observation: { ...observation, simId }, signed, redactor };
    const sentence = await sentenceOf('key-unreadable', recordResult(workspace, run));
    assert.match(sentence, /nobody-listens-here cannot be reached/);
    const file = path.join(workspace.paths.runs, simId, 'unsealed.json');
    assert.ok(sentence.includes(`.meshsim/runs/${simId}/unsealed.json`), sentence);
    const kept = JSON.parse(await readFile(file, 'utf8')) as Pick<typeof run, 'observation'>;
    assert.deepEqual(kept.observation.nodeReports, observation.nodeReports);
    assert.equal(await (await workspace.ledger()).size(), entries);
  });

  it('survives a crash after the ledger entry and before the file', async () => {
    const { simId, recorded } = await simulated();
    const file = recorded?.capsimFile ?? '';
    await rm(file);
    const rebuilt = await readRecorded(workspace, simId);
    assert.equal((await verifyEvidence(workspace, await readFile(file))).verdict, 'verified');
    assert.deepEqual(Buffer.from(rebuilt?.capsim ?? []), Buffer.from(recorded?.capsim ?? []));
  });

  it('shows no other file as its own: swapped, edited and truncated files are named and left alone', async () => {
    const { simId, recorded } = await simulated();
    const other = await simulated();
    const file = recorded?.capsimFile ?? '';
    const genuine = await readFile(file);
    const edited = Buffer.from(genuine.toString().replace('"payload":"ey', '"payload":"fy'));
    const wrong = {
      'the genuine file of another run': await readFile(other.recorded?.capsimFile ?? ''),
      'an edited file': edited,
      'a truncated file': genuine.subarray(0, genuine.length / 2),
      'an empty file': Buffer.alloc(0),
    };
    for (const [what, bytes] of Object.entries(wrong)) {
      await writeFile(file, bytes);
      const sentence = await sentenceOf('evidence-invalid', findRun(workspace, simId));
      assert.ok(sentence.includes(`.meshsim/runs/${simId}/result.capsim is not what`), what);
      assert.deepEqual(await readFile(file), bytes, `${what} is not overwritten`);
    }
    await writeFile(file, genuine);
    assert.equal((await findRun(workspace, simId)).simId, simId);
    await sentenceOf('run-unknown', findRun(workspace, 'ffff'));
  });

  it('is believed only as far as the ledger is: an altered entry proves nothing', async () => {
    const { simId } = await simulated();
    const bundles = path.join(workspace.paths.ledger, 'tile/entries/000.p');
    const [bundle = ''] = await readdir(bundles);
    const file = path.join(bundles, bundle);
    const text = await readFile(file, 'latin1');
    await writeFile(file, text.replace('"outcome":"pass"', '"outcome":"fail"'), 'latin1');
    await rm(workspace.paths.index);
    const sentence = await sentenceOf('ledger-broken', findRun(workspace, simId));
    assert.match(sentence, /entry 2 was altered/);
  });

  it('is not done for a run that was interrupted, and the ledger shows that it was started', async () => {
    const aborted = AbortSignal.abort(new Error('stop'));
    await assert.rejects(simulated(aborted));
    const ledger = await workspace.ledger();
    const started = (await ledger.entries()).find(({ entry }) => entry.kind === 'sim-started');
    assert.ok(started?.entry.kind === 'sim-started');
    await sentenceOf('run-unfinished', findRun(workspace, started.entry.simId));
  });
});
