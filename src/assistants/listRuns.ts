import * as z from 'zod/mini';
import { provenancePage } from '../studio/provenance/provenancePage.ts';
import type { AssistantTool } from './assistantTool.ts';
import { toolInput } from './toolInput.ts';

const MOST_RUNS = 50;
const inputSchema = z.strictObject({
  limit: z._default(z.int().check(z.minimum(1), z.maximum(MOST_RUNS)), 10),
});

export const LIST_RUNS: AssistantTool = {
  name: 'mesh_sim_list_runs',
  title: 'List provenance runs',
  description:
    'Lists packs, rehearsals, gate decisions and deploys of the workspace, newest first, with what came of each and whether its record is proven.',
  inputSchema: {
    type: 'object',
    properties: {
      limit: { type: 'integer', minimum: 1, maximum: MOST_RUNS, description: 'default 10' },
    },
    additionalProperties: false,
  },
  isReadOnly: true,
  async run(studio, input) {
    const { runs, integrity } = await provenancePage(studio, toolInput(inputSchema, input));
    return JSON.stringify({ ledger: integrity.sentence, runs }, null, 2);
  },
};
