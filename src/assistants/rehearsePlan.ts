import * as z from 'zod/mini';
import { CHAOS_PRESETS } from '../model/presets.ts';
import { planOfRequest } from '../studio/runs/planRequest.ts';
import { simulateMesh } from '../studio/runs/simulateMesh.ts';
import type { AssistantTool } from './assistantTool.ts';
import { toolInput } from './toolInput.ts';

const inputSchema = z.strictObject({
  capsule: z.string(),
  nodes: z.optional(z.int()),
  latencyMs: z.optional(z.tuple([z.number(), z.number()])),
  packetLoss: z.optional(z.number()),
  chaos: z.optional(z.enum(CHAOS_PRESETS)),
  seed: z.optional(z.int()),
});

export const REHEARSE_PLAN: AssistantTool = {
  name: 'mesh_sim_rehearse',
  title: 'Rehearse a Capsule',
  description:
    'Runs the services of a packed Capsule on real node processes of this machine over an emulated network, and seals the outcome as evidence. It runs what the registry names.',
  inputSchema: {
    type: 'object',
    properties: {
      capsule: { type: 'string', description: 'hash of a packed Capsule, or a unique prefix' },
      nodes: { type: 'integer', description: '2 to 10; default 5' },
      latencyMs: {
        type: 'array',
        items: { type: 'number' },
        description: 'one-way delay of every link, [min, max]; default [40, 180]',
      },
      packetLoss: { type: 'number', description: 'percent; default 0' },
      chaos: { type: 'string', enum: [...CHAOS_PRESETS] },
      seed: { type: 'integer', description: 'the same seed makes the same link decisions' },
    },
    required: ['capsule'],
    additionalProperties: false,
  },
  isReadOnly: false,
  async run({ workspace }, input, signal) {
    const { capsule, nodes, latencyMs, packetLoss, chaos, seed } = toolInput(inputSchema, input);
    const plan = await planOfRequest(workspace, {
      capsuleHash: capsule,
      params: {
        ...(nodes === undefined ? {} : { nodes }),
        ...(latencyMs === undefined ? {} : { latencyMs }),
        ...(packetLoss === undefined ? {} : { packetLoss }),
      },
      ...(chaos === undefined ? {} : { chaos: { preset: chaos, faults: [] } }),
      ...(seed === undefined ? {} : { seed }),
    });
    const { simId, observation, recorded } = await simulateMesh(workspace, {
      ...{ plan, keepRuns: false, concurrent: false, signal },
      onEvent: () => undefined,
    });
    const { outcome, cause } = observation;
    return JSON.stringify({ simId, outcome, cause, evidence: recorded?.capsimFile }, null, 2);
  },
};
