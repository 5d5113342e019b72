import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspectEnvironments } from '../../../src/studio/deploy/inspectEnvironments.ts';
import { inspectPlan } from '../../../src/studio/runs/inspectPlan.ts';
import { inspectRegistry } from '../../../src/studio/capsules/inspectRegistry.ts';
import { inspectHosts } from '../../../src/studio/workspace/inspectHosts.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import { createHarborPay, type HarborPay } from '../../support/harborPay.ts';
import { workspaceIn } from '../../support/workspace.ts';

describe('inspecting the files of a product', () => {
  let product: HarborPay;
  const { signal } = new AbortController();

  beforeEach(async () => {
    product = await createHarborPay();
  });

  afterEach(() => product.dispose());

  async function registryProblems(change: (text: string) => string): Promise<[string, string][]> {
    const text = change(await readFile(product.registryFile, 'utf8'));
    const file = product.registryFile;
    const problems = await inspectRegistry({ text, file, asksGit: true, signal });
    return problems.map(({ offset, length, code }) => [code, text.slice(offset, offset + length)]);
  }

  it('finds nothing in the example', async () => {
    assert.deepEqual(await registryProblems((text) => text), []);
  });

  it('asks git for folders, commits and repositories, and marks each where it is named', async () => {
    const problems = await registryProblems((text) =>
      text
        .replace('"services/payments"', '"services/paiments"')
        .replace(
          '"repo": ".",\n      "path": "services/orders"',
          '"path": "services/orders", "commit": "v9.9"',
        )
        .replace(
          '"repo": ".",\n      "path": "services/gateway"',
          '"repo": "../nowhere", "path": "services/gateway"',
        ),
    );

    assert.deepEqual(problems, [
      ['registry-invalid', '"services/paiments"'],
      ['unknown-commit', '"v9.9"'],
      ['not-a-repository', '"../nowhere"'],
    ]);
  });

  it('stops when nobody waits for the answer any more', async () => {
    const text = await readFile(product.registryFile, 'utf8');
    const aborted = AbortSignal.abort(new Error('stale'));
    const options = { text, file: product.registryFile, asksGit: true, signal: aborted };

    await assert.rejects(inspectRegistry(options), /stale/);
  });

  it('marks the Capsule of a plan that is not here, a fault of no node, and bounds that cross', async () => {
    const workspace = await workspaceIn(product.folder);
    const { capsule } = await packWorkspace(workspace, {
      registryFile: product.registryFile,
      allowDirty: false,
      signal,
    });
    const markedIn = async (plan: object): Promise<string[]> => {
      const text = JSON.stringify(plan);
      const problems = await inspectPlan(text, workspace);
      return problems.map(({ offset, length }) => text.slice(offset, offset + length));
    };
    const { capsuleHash } = capsule;
    const fault = { when: { atMs: 5 }, do: { kill: 'n7' } };

    assert.deepEqual(await markedIn({ capsuleHash }), []);
    assert.deepEqual(await markedIn({ capsuleHash: 'f'.repeat(64) }), [`"${'f'.repeat(64)}"`]);
    const chaos = { faults: [fault] };
    assert.deepEqual(await markedIn({ capsuleHash, chaos }), [JSON.stringify(fault)]);
    const params = { latencyMs: [90, 10] };
    assert.deepEqual(await markedIn({ capsuleHash, params }), ['[90,10]']);
  });

  it('warns of the fault that cannot have an effect, or of the preset that stands for it', async () => {
    const workspace = await workspaceIn(product.folder);
    const { capsule } = await packWorkspace(workspace, {
      registryFile: product.registryFile,
      allowDirty: false,
      signal,
    });
    const warningsIn = async (plan: object): Promise<unknown[]> => {
      const text = JSON.stringify({ ...plan, capsuleHash: capsule.capsuleHash });
      const problems = await inspectPlan(text, workspace);
      return problems.map(({ offset, length, severity, code, sentence }) => ({
        marked: text.slice(offset, offset + length),
        severity,
        code,
        sentence,
      }));
    };
    const idle = { when: { atMs: 5 }, do: { slow: 'n2', factor: 1 } };
    const kill = { when: { atMs: 5 }, do: { kill: 'n1', restartAfterMs: 100 } };
    const warning = { severity: 'warning', code: 'fault-without-effect' };

    assert.deepEqual(await warningsIn({ chaos: { faults: [kill, idle] } }), [
      {
        ...warning,
        marked: JSON.stringify(idle),
        sentence:
          'Fault 1 slows n2 by a factor of 1: it has no effect and does not count as chaos.',
      },
    ]);
    const ofPreset = { params: { latencyMs: [0, 0] }, chaos: { preset: 'slow-node' } };
    assert.deepEqual(await warningsIn(ofPreset), [
      {
        ...warning,
        marked: '"slow-node"',
        sentence:
          'Fault 0 slows n3, whose links have no delay: it has no effect and does not count as chaos.',
      },
    ]);
  });

  it('marks the environment that shares the place of another, and a place that is taken', async () => {
    const at = (place: string) => ({ target: { kind: 'directory', path: place } });
    const environments = { a: at('../out'), b: at('../out/'), c: at('.') };
    const text = JSON.stringify({ environments });
    const file = product.registryFile.replace('services', 'environments');
    const problems = await inspectEnvironments(text, file);

    assert.deepEqual(
      problems.map(({ offset, length }) => text.slice(offset, offset + length)),
      [JSON.stringify(environments.b.target), '"."'],
    );
    assert.match(
      problems[0]?.sentence ?? '',
      /^Environments\.b\.target is the place of .*its own\.$/,
    );
  });

  it('marks what is wrong in hosts where it is, and says nothing of what the schema says', () => {
    const edge = { kind: 'ssh', host: 'edge', options: ['StrictHostKeyChecking=no'] };
    const local = { kind: 'docker', image: 'node:24' };
    const text = JSON.stringify({ hosts: { edge, local, box: { kind: 'docker' } } });
    const marked = (of: string) =>
      inspectHosts(of).map(({ offset, length, code }) => [code, of.slice(offset, offset + length)]);

    assert.deepEqual(marked(text), [['hosts-invalid', JSON.stringify(edge.options)]]);
    const described = JSON.stringify({ hosts: { local } });
    assert.deepEqual(marked(described), [['hosts-invalid', JSON.stringify(local)]]);
    assert.deepEqual(marked('{"hosts": {'), []);
  });

  it('warns of hosts of a plan that nobody has described', async () => {
    const workspace = await workspaceIn(product.folder);
    const { capsule } = await packWorkspace(workspace, {
      registryFile: product.registryFile,
      allowDirty: false,
      signal,
    });
    const { capsuleHash } = capsule;
    const text = JSON.stringify({ capsuleHash, hosts: { n1: 'edge', n2: 'box' } });
    const marked = async () =>
      (await inspectPlan(text, workspace)).map(({ severity, sentence }) => [severity, sentence]);
    const sentence =
      'The plan puts n1 on the host "edge" and n2 on the host "box", which are not described: mesh.hosts.json has none.';
    assert.deepEqual(await marked(), [['warning', sentence]]);

    const ssh = { kind: 'ssh', host: 'edge' };
    const described = JSON.stringify({ hosts: { edge: ssh, box: ssh } });
    await writeFile(path.join(product.folder, 'mesh.hosts.json'), described);
    assert.deepEqual(await marked(), []);
  });
});
