import { text } from 'node:stream/consumers';
import { systemClock } from '../../src/base/clock.ts';
import { MeshSimError, messageOf } from '../../src/base/errors.ts';
import { passGate } from '../../src/studio/deploy/gate.ts';
import { provenanceGraph } from '../../src/studio/provenance/provenanceGraph.ts';
import { Studio } from '../../src/studio/studio.ts';
import { Workspace } from '../../src/studio/workspace/workspace.ts';
import { DIST } from './commandLine.ts';

/** What `mesh-sim trust` and `mesh-sim gate` ask, of many workspaces by one process: each may hang, and this one is killed then. */
export interface AskedWorkspace {
  readonly name: string;
  readonly folder: string;
  readonly configFolder: string;
  readonly capsule: string;
}

/** One line of its output. */
export interface ProvenanceAnswer {
  readonly name: string;
  readonly asked: 'trust' | 'gate';
  /** Left out: it is asked next. */
  readonly isAllowed?: boolean;
  /** Why it is not allowed. */
  readonly said?: string;
}

/** Another one for each question: nothing is remembered. */
function workspaceOf({ folder, configFolder }: AskedWorkspace): Workspace {
  return new Workspace({
    folder,
    configFolder,
    bundleFolder: DIST,
    environment: process.env,
    clock: systemClock,
    product: 'test',
  });
}

async function trust(asked: AskedWorkspace): Promise<[isAllowed: boolean, said: string]> {
  const { nodes, problem = '' } = await provenanceGraph(new Studio(workspaceOf(asked)));
  const unproven = nodes.filter(({ status }) => status === 'unproven').map(({ kind }) => kind);
  return [unproven.length === 0 && problem === '', `${problem} ${unproven.join()}`];
}

async function gate(asked: AskedWorkspace): Promise<[isAllowed: boolean, said: string]> {
  const request = { environment: 'production', capsule: asked.capsule };
  const { decision } = (await passGate(workspaceOf(asked), request)).decision;
  return [decision === 'allow', decision];
}

async function answered(work: Promise<[boolean, string]>): Promise<[boolean, string]> {
  return work.catch((error: unknown) => {
    // Whatever else is thrown would be a stack on a person's terminal.
    if (error instanceof MeshSimError && error.code !== 'internal')
      return [false, messageOf(error)];
    throw error;
  });
}

function say(line: ProvenanceAnswer): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

for (const asked of JSON.parse(await text(process.stdin)) as AskedWorkspace[]) {
  for (const [question, work] of [
    ['trust', trust],
    ['gate', gate],
  ] as const) {
    const { name } = asked;
    say({ name, asked: question });
    const [isAllowed, said] = await answered(work(asked));
    say({ name, asked: question, isAllowed, said });
  }
}
