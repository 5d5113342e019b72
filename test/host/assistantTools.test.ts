import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AssistantToolOfWindow } from '../../src/host/assistantTools.ts';
import { planSchema } from '../../src/model/plan.ts';
import type { Studio } from '../../src/studio/studio.ts';
import { extension } from './suite/window.ts';

async function answerOf(name: string, input: object): Promise<Record<string, unknown>> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(name, options);
  const [part] = content;
  assert.ok(part instanceof vscode.LanguageModelTextPart, `${name} answered no text`);
  return JSON.parse(part.value) as Record<string, unknown>;
}

describe('host: tools for language models', () => {
  let studio: Studio;
  let capsule: string;
  let simId: string;

  before(async () => {
    studio = await (await extension().activate()).studio();
    await vscode.commands.executeCommand('meshSim.packCapsule');
    [capsule = ''] = (await studio.workspace.index()).capsuleHashes('');
    // A loss of everything: nothing arrives before the deadline.
    const lost = { nodes: 2, packetLoss: 100 };
    const plan = { capsuleHash: capsule, world: 'virtual', params: lost, deadlineMs: 5000 };
    ({ simId } = await studio.simulations.start(planSchema.parse(plan)));
    assert.equal((await studio.simulations.finished(simId)).outcome, 'fail');
  });

  it('list runs, explain a failure and say what the gate would say', async () => {
    const names = vscode.lm.tools.map(({ name }) => name);
    for (const name of ['list_runs', 'explain_failure', 'gate_status', 'rehearse'])
      assert.ok(names.includes(`mesh_sim_${name}`), `${name} is none of ${names.join(', ')}`);
    const { runs } = await answerOf('mesh_sim_list_runs', { limit: 1 });
    assert.equal((runs as { simId: string }[])[0]?.simId, simId);
    const explained = await answerOf('mesh_sim_explain_failure', { simId: simId.slice(0, 8) });
    assert.equal(explained.outcome, 'fail');
    await assert.rejects(
      answerOf('mesh_sim_gate_status', { capsule, environment: 'nowhere' }),
      /nowhere/,
    );
  });

  it('ask before they rehearse what may run here, with what that would start', async () => {
    const api = await extension().activate();
    const window = { host: () => api.studioHost() };
    const tool = new AssistantToolOfWindow(window, 'mesh_sim_rehearse', 'Rehearse');
    const prepare = (input: object) => tool.prepareInvocation({ input });
    const asked = (await prepare({ capsule, nodes: 2 })).confirmationMessages?.message;
    assert.ok(typeof asked === 'string');
    assert.match(asked, /builds and starts web, api on 2 nodes of this machine/);
    await assert.rejects(prepare({ capsule, nodes: 1 }), /nodes/);
    const reading = new AssistantToolOfWindow(window, 'mesh_sim_list_runs', 'List');
    assert.deepEqual(await reading.prepareInvocation({ input: {} }), { invocationMessage: 'List' });
  });

  // An editor under test answers its own question of it with yes.
  it('rehearse as a run of the window, once that was agreed to', async () => {
    const input = { capsule, nodes: 2, latencyMs: [1, 5] };
    const { outcome, evidence, sentence } = await answerOf('mesh_sim_rehearse', input);
    assert.equal(outcome, 'pass', String(sentence));
    assert.match(String(evidence), /result\.capsim$/);
  });
});
