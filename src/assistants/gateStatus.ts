import * as z from 'zod/mini';
import { previewGate } from '../studio/deploy/gate.ts';
import type { AssistantTool } from './assistantTool.ts';
import { toolInput } from './toolInput.ts';

const inputSchema = z.strictObject({ capsule: z.string(), environment: z.string() });

export const GATE_STATUS: AssistantTool = {
  name: 'mesh_sim_gate_status',
  title: 'Ask what the gate would say',
  description:
    'Says whether a Capsule may be deployed to an environment now, rule by rule, and which rehearsal the gate asks for. Nothing is recorded.',
  inputSchema: {
    type: 'object',
    properties: {
      capsule: { type: 'string', description: 'hash of a packed Capsule, or a unique prefix' },
      environment: { type: 'string', description: 'as in mesh.environments.json' },
    },
    required: ['capsule', 'environment'],
    additionalProperties: false,
  },
  isReadOnly: true,
  async run({ workspace }, input) {
    const { decision, needs } = await previewGate(workspace, toolInput(inputSchema, input));
    return JSON.stringify({ ...decision, needs }, null, 2);
  },
};
