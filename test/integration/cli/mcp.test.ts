import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import path from 'node:path';
import { createCommandLine, DIST, type CommandLine } from '../../support/commandLine.ts';
import { createHarborPay, type HarborPay } from '../../support/harborPay.ts';

interface Answer {
  readonly isError?: boolean;
  readonly content: readonly { readonly text: string }[];
}

describe('an assistant at mesh-sim mcp', () => {
  let commands: CommandLine;
  let product: HarborPay;
  let capsule: string;
  let simId: string;
  before(async () => {
    commands = await createCommandLine();
    product = await createHarborPay();
    capsule = (await commands.meshSim(['pack'], product.folder)).stdout;
    // A loss of everything: nothing arrives before the deadline.
    const plan = ['--virtual', '--nodes', '2', '--loss', '100', '--deadline', '5s', '--quiet'];
    const ran = await commands.meshSim(['--capsule', capsule, ...plan], product.folder);
    assert.equal(ran.exitCode, 1, ran.stderr);
    simId = ran.stdout.split(/\s+/)[1] ?? '';
  });
  after(() => product.dispose());

  async function withClient<T>(
    flags: readonly string[],
    use: (client: Client) => Promise<T>,
  ): Promise<T> {
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [path.join(DIST, 'meshSim.cjs'), 'mcp', ...flags],
      cwd: product.folder,
      env: commands.environment as Record<string, string>,
    });
    await client.connect(transport);
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  }

  it('lists runs, explains a failure and asks the gate, and may start nothing', async () => {
    await withClient([], async (client) => {
      const { tools } = await client.listTools();
      assert.equal(tools.length, 3);
      for (const { annotations } of tools) assert.equal(annotations?.readOnlyHint, true);
      const call = async (name: string, given: Record<string, unknown>) => {
        const { isError, content } = (await client.callTool({ name, arguments: given })) as Answer;
        return { isError, text: content[0]?.text ?? '' };
      };
      const { runs } = JSON.parse((await call('mesh_sim_list_runs', {})).text) as {
        runs: { simId?: string; status: string }[];
      };
      assert.deepEqual(
        runs.map((run) => run.status),
        ['fail', 'packed'],
      );
      const explained = JSON.parse(
        (await call('mesh_sim_explain_failure', { simId: simId.slice(0, 8) })).text,
      ) as { outcome: string; failed: { test: string }[] };
      assert.equal(explained.outcome, 'fail');
      assert.ok(explained.failed.some(({ test }) => test.startsWith('n1/')));
      assert.ok(explained.failed.some(({ test }) => test === 'invariant/converged'));
      const gate = await call('mesh_sim_gate_status', { capsule, environment: 'nowhere' });
      assert.equal(gate.isError, true);
      assert.match(gate.text, /^environment/);
      const run = await call('mesh_sim_rehearse', { capsule });
      assert.equal(run.isError, true);
      const wrong = await call('mesh_sim_list_runs', { limit: 'all' });
      assert.match(wrong.text, /^usage: The input "limit"/);
    });
  });

  it('rehearses where that was allowed', async () => {
    await withClient(['--allow-run'], async (client) => {
      const { tools } = await client.listTools();
      const rehearse = tools.find(({ name }) => name === 'mesh_sim_rehearse');
      assert.equal(rehearse?.annotations?.readOnlyHint, false);
      const given = { capsule, nodes: 1 };
      const answer = (await client.callTool({
        ...{ name: 'mesh_sim_rehearse', arguments: given },
      })) as Answer;
      // As far as the plan's own check: what a rehearsal does is the business of other tests.
      assert.match(answer.content[0]?.text ?? '', /^plan-invalid: .*nodes/);
    });
  });
});
