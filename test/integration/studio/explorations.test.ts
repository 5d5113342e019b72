import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createApi } from '../../../src/api/app.ts';
import { outcomeOfRun } from '../../../src/explore/runOutcome.ts';
import { problemSchema } from '../../../src/model/api.ts';
import {
  checkedExplorationSchema,
  explorationListSchema,
  explorationSchema,
  type Exploration,
} from '../../../src/model/explorationApi.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import { ExplorationRecord } from '../../../src/studio/runs/explorationRecord.ts';
import { parsePlan } from '../../../src/studio/runs/planFile.ts';
import { simulateMesh } from '../../../src/studio/runs/simulateMesh.ts';
import { Studio } from '../../../src/studio/studio.ts';
import type { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { runPaths } from '../../../src/studio/workspace/workspacePaths.ts';
import { commitAll } from '../../support/harborPay.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';
import { workspaceIn } from '../../support/workspace.ts';

const NEVER = new AbortController().signal;
const SEEDS = [609, 610];

describe('what is kept of an exploration', () => {
  let product: TinyRepository;
  let workspace: Workspace;
  let written: Exploration;

  const fileOf = (id: string) => path.join(workspace.paths.explorations, `${id}.json`);
  const writtenNow = async (id: string) =>
    explorationSchema.parse(JSON.parse(await readFile(fileOf(id), 'utf8')));

  async function pack(): Promise<string> {
    await commitAll(product.repo);
    const registryFile = path.join(product.repo, 'mesh.services.json');
    const { capsule } = await packWorkspace(workspace, {
      ...{ registryFile, allowDirty: false, signal: NEVER },
    });
    return capsule.capsuleHash;
  }

  /** Sealed, though in virtual time: it is the record that is looked at. */
  async function upgraded(seed: number, from: string, capsuleHash: string) {
    const strategy = { kind: 'rolling', batch: 1, pauseMs: 50 } as const;
    const plan = parsePlan(
      {
        ...{ capsuleHash, world: 'virtual', seed, params: { nodes: 3, latencyMs: [1, 5] } },
        upgrade: { from, strategy, rollback: 'seeded', workloadMs: 100 },
        chaos: { faults: [{ when: { wave: 1 }, do: { slow: 'n1', factor: 2 } }] },
        deadlineMs: 120_000,
      },
      'plan',
    );
    const { observation, simId } = await simulateMesh(workspace, {
      ...{ plan, keepRuns: false, concurrent: false, signal: NEVER },
      onEvent: () => undefined,
    });
    return { plan, outcome: { ...outcomeOfRun(observation), simId } };
  }

  async function asked(route: string): Promise<Response> {
    return createApi(new Studio(workspace), { refusal: () => undefined }).request(route);
  }
  const checked = async (id: string) =>
    checkedExplorationSchema.parse(await (await asked(`/api/explorations/${id}`)).json());
  const listed = async () =>
    explorationListSchema.parse(await (await asked('/api/explorations')).json());

  before(async () => {
    product = await createTinyRepository([healthyService()]);
    workspace = await workspaceIn(product.repo);
    assert.deepEqual(await listed(), { explorations: [], unreadable: [] });
    assert.ok(!(await readdir(product.repo)).includes('.meshsim'), 'reading creates nothing');
    const old = await pack();
    await writeFile(path.join(product.repo, 'web/VERSION'), '2');
    const newer = await pack();
    const runs = [];
    for (const seed of SEEDS) runs.push(await upgraded(seed, old, newer));
    const record = new ExplorationRecord(workspace, runs[0]!.plan, 20);
    assert.deepEqual((await listed()).explorations, []);
    await record.add({ run: 0, ...runs[0]! });
    const first = await writtenNow(record.id);
    assert.deepEqual([first.asked, first.runs.length, first.endedAt], [20, 1, undefined]);
    await record.add({ run: 1, ...runs[1]! });
    await record.shrank();
    await record.shrank();
    assert.deepEqual((await writtenNow(record.id)).shrinking, { runs: 2 });
    await record.end({ end: 'smallest', plan: 'explored-checks-held-610.meshplan.json' });
    written = await writtenNow(record.id);
  });
  after(() => product.dispose());
  afterEach(() => writeFile(fileOf(written.id), JSON.stringify(written)));

  it('is written anew after every run, with what became of shrinking, and says that it proves nothing', () => {
    assert.match(written.note, /^Not signed, and proves nothing/);
    assert.deepEqual(
      written.runs.map(({ seed, outcome, faults }) => [seed, outcome, faults]),
      SEEDS.map((seed) => [seed, 'pass', ['slow n1']]),
    );
    for (const { order, backAfterWave } of written.runs) {
      assert.match(order ?? '', /^n\d /);
      assert.equal(order?.includes('←'), backAfterWave !== null);
    }
    assert.deepEqual(written.shrinking, {
      ...{ runs: 2, end: 'smallest', plan: 'explored-checks-held-610.meshplan.json' },
    });
    assert.ok(written.endedAt! >= written.startedAt);
  });

  it('is given with what the sealed evidence of each run says', async () => {
    const { seeds, asked: most } = await checked(written.id);
    assert.equal(most, 20);
    assert.deepEqual(
      seeds,
      written.runs.map(({ seed, simId, ...facts }) => ({ seed, simId, facts })),
    );
  });

  it('counts for nothing where evidence says something else, and that is told', async () => {
    const [first, second] = written.runs;
    const altered = { ...first, outcome: 'fail', invariant: 'checks-held' };
    const runs = [altered, { ...second, simId: first!.simId }];
    await writeFile(fileOf(written.id), JSON.stringify({ ...written, runs }));
    const { seeds } = await checked(written.id);
    assert.deepEqual(
      seeds.map(({ seed, facts, problem }) => [seed, facts?.outcome, problem]),
      [
        [609, 'pass', 'The record says another outcome than the sealed evidence.'],
        [609, 'pass', 'The record says another seed than the sealed evidence.'],
      ],
    );
  });

  it('leaves a row unproven whose evidence is not there, or is not what was sealed', async () => {
    const [first, second] = written.runs;
    const unknown = { ...first!, simId: '00000000-0000-4000-8000-000000000000' };
    await writeFile(fileOf(written.id), JSON.stringify({ ...written, runs: [unknown, second] }));
    const { capsim } = runPaths(workspace.paths, second!.simId);
    const genuine = await readFile(capsim);
    await writeFile(capsim, '{}');
    const { seeds } = await checked(written.id);
    await writeFile(capsim, genuine);
    assert.deepEqual(
      seeds.map(({ facts }) => facts),
      [undefined, undefined],
    );
    assert.match(seeds[0]?.problem ?? '', /^No simulation "00000000-/);
    assert.match(seeds[1]?.problem ?? '', /result\.capsim is not what ledger entry \d+ records/);
  });

  it('is listed beside files that are no record, which are named with what is wrong', async () => {
    const { explorations } = workspace.paths;
    await mkdir(path.join(explorations, 'folder.json'));
    const other = '11111111-0000-4000-8000-000000000000.json';
    const files = {
      'a.json': '{',
      'b.json': JSON.stringify({ ...written, runs: [{ seed: -1 }] }),
      [other]: JSON.stringify(written),
      'notes.txt': 'of somebody else',
    };
    for (const [name, text] of Object.entries(files)) {
      await writeFile(path.join(explorations, name), text);
    }
    const list = await listed();
    assert.deepEqual(list.explorations, [written]);
    const sentences = new Map(list.unreadable.map(({ file, sentence }) => [file, sentence]));
    assert.deepEqual([...sentences.keys()], [other, 'a.json', 'b.json', 'folder.json']);
    assert.match(sentences.get('a.json') ?? '', /JSON/);
    assert.match(sentences.get('b.json') ?? '', /^runs\[0\]\.seed is -1 .*or remove the file$/);
    assert.match(sentences.get(other) ?? '', /^it is the record of .*: remove it$/);
  });

  it('is asked for by its id alone', async () => {
    for (const id of ['22222222-0000-4000-8000-000000000000', '..%2Fbaseline', 'a']) {
      const answer = await asked(`/api/explorations/${id}`);
      const problem = problemSchema.parse(await answer.json());
      assert.deepEqual([answer.status, problem.code], [404, 'exploration-unknown']);
    }
  });
});
