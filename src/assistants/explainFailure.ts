import * as z from 'zod/mini';
import { statedRunOf } from '../evidence/statedRun.ts';
import { rehearsalTests } from '../reports/rehearsalTests.ts';
import { findRun, readStatement } from '../studio/runs/runs.ts';
import type { AssistantTool } from './assistantTool.ts';
import { toolInput } from './toolInput.ts';

const inputSchema = z.strictObject({ simId: z.string() });

export const EXPLAIN_FAILURE: AssistantTool = {
  name: 'mesh_sim_explain_failure',
  title: 'Explain a failed rehearsal',
  description:
    'Verifies the evidence of a rehearsal and says why it failed: the first cause, each phase and invariant that failed with its sentence, and what could not be observed.',
  inputSchema: {
    type: 'object',
    properties: { simId: { type: 'string', description: 'or a unique prefix of it' } },
    required: ['simId'],
    additionalProperties: false,
  },
  isReadOnly: true,
  async run({ workspace }, input) {
    const found = await findRun(workspace, toolInput(inputSchema, input).simId);
    const statement = await readStatement(workspace, found.capsim, found.simId);
    const run = statedRunOf(statement);
    const tests = rehearsalTests(run);
    const those = (status: 'failed' | 'skipped') =>
      tests
        .filter((test) => test.status === status)
        .map(({ group, name, sentence }) => ({ test: `${group}/${name}`, sentence }));
    const { simId, outcome, cause, plan } = run;
    const told = {
      simId,
      outcome,
      cause,
      failed: those('failed'),
      skipped: those('skipped'),
      plan,
    };
    return JSON.stringify(told, null, 2);
  },
};
