import * as z from 'zod/mini';
import { CHAOS_PRESETS } from '../model/presets.ts';
import type { Plan } from '../model/plan.ts';
import { findCapsule } from '../studio/capsules/findCapsule.ts';
import { planOfRequest } from '../studio/runs/planRequest.ts';
import type { Studio } from '../studio/studio.ts';
import { runPaths } from '../studio/workspace/workspacePaths.ts';
import type { AssistantTool } from './assistantTool.ts';
import { toolInput } from './toolInput.ts';

const SHORT_HASH = 12;

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
  async consent(studio, input) {
    const { capsuleHash, params, chaos } = await planOf(studio, input);
    const { capsule } = await findCapsule(studio.workspace, capsuleHash);
    const { name, services } = capsule.manifest;
    const named = services.map((service) => service.name).join(', ');
    const faults = chaos.preset === 'none' ? '' : `, with the chaos preset ${chaos.preset}`;
    return {
      title: `Rehearse ${name}?`,
      message: `Capsule ${capsuleHash.slice(0, SHORT_HASH)}: builds and starts ${named} on ${params.nodes} nodes of this machine${faults}, and records the outcome in the ledger.`,
    };
  },
  async run(studio, input, signal) {
    const plan = await planOf(studio, input);
    signal.throwIfAborted();
    // As a run of this process like any other: the Studio shows it, and one that goes on already is not disturbed.
    const { simulations } = studio;
    const { simId } = await simulations.start(plan);
    const cancel = () => {
      if (simulations.isRunning(simId)) simulations.cancel(simId);
    };
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
    try {
      const { outcome, sentence, runId } = await simulations.finished(simId);
      const { capsim } = runPaths(studio.workspace.paths, simId);
      const evidence = runId === undefined ? {} : { evidence: capsim };
      return JSON.stringify({ simId, outcome, sentence, ...evidence }, null, 2);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  },
};

/** @throws MeshSimError `usage`, `plan-invalid`, `capsule-unknown`, `capsule-ambiguous` */
function planOf({ workspace }: Studio, input: unknown): Promise<Plan> {
  const { capsule, nodes, latencyMs, packetLoss, chaos, seed } = toolInput(inputSchema, input);
  return planOfRequest(workspace, {
    capsuleHash: capsule,
    params: {
      ...(nodes === undefined ? {} : { nodes }),
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(packetLoss === undefined ? {} : { packetLoss }),
    },
    ...(chaos === undefined ? {} : { chaos: { preset: chaos, faults: [] } }),
    ...(seed === undefined ? {} : { seed }),
  });
}
