import type { Command } from 'commander';
import { ACCESS_PRESETS } from '../../model/accessPresets.ts';
import { ROLLBACKS } from '../../model/upgradeChoices.ts';
import { CHAOS_PRESETS } from '../../model/presets.ts';
import type { CommandContext } from '../commandContext.ts';
import type { PlanFlags } from '../planFlags.ts';
import type { ReportFlags } from '../reportFiles.ts';
import { unknownCommand } from './help.ts';
import type { LinkFlags } from '../linkFlags.ts';

export interface RunFlags extends ReportFlags, LinkFlags {
  readonly otlp?: string;
  readonly workspace: string;
  readonly keepRuns?: boolean;
  readonly concurrent?: boolean;
  readonly hosts?: string;
  /** True: the flag without a value. */
  readonly pcap?: string | true;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export interface SimulateFlags extends PlanFlags, RunFlags {
  readonly config?: string;
}

/** The program's own action: `mesh-sim --capsule <hash> …`. */
export function addSimulateAction(program: Command, context: CommandContext): void {
  // What is left over is in the place of a command.
  addRunOptions(addPlanOptions(program)).action(
    async (flags: SimulateFlags, { args: [unknown] }: Command) => {
      if (unknown !== undefined) throw unknownCommand(unknown);
      const { simulate } = await import('../runPlan.ts');
      await simulate(context, flags);
    },
  );
}

/** What a plan is made of. */
export function addPlanOptions(command: Command): Command {
  return command
    .option('--capsule <hash>', 'the Capsule to rehearse; a unique prefix is enough')
    .option('--config <plan.json>', 'take the plan from a file; flags win over it')
    .option('--nodes <n>', '2 to 10 real nodes, more with --virtual (default 5)')
    .option('--latency <min-max>', 'one-way delay of every link in ms (default 40-180)')
    .option('--loss <percent>', 'packets lost on every link (default 0)')
    .option('--chaos <preset>', CHAOS_PRESETS.join(', '))
    .option('--drift <node:service@commit>', 'offer one node another commit; repeatable', collect)
    .option(
      '--place <service=nodes>',
      'run a service on these nodes only, such as orders=n0,n1; repeatable',
      collect,
    )
    .option('--on <node=host>', 'let a node live on a host of mesh.hosts.json; repeatable', collect)
    .option('--spread <hosts>', 'let all others but n0 live on these in turn, such as local,edge')
    .option('--no-verify-signatures', 'let every Capsule in, to see what the check is for')
    .option('--topology <kind|file>', 'uniform, ring, star, regions, or a topology .json file')
    .option(
      '--regions <ids>',
      'nodes take these regions in turn, such as deu,use,sgp; see "mesh-sim regions"',
    )
    .option(
      '--access <node=preset>',
      `a node's own last mile: ${ACCESS_PRESETS.join(', ')}; repeatable`,
      collect,
    )
    .option('--bandwidth <mbps>', 'limit uplinks (10, uplink:10) or single links (link:10)')
    .option('--seed <number>', 'the same seed makes the same link decisions (default 1)')
    .option(
      '--deadline <time>',
      'give up after this long, such as 90s (default 60s, 300s with --from)',
    )
    .option(
      '--from <hash|active:environment>',
      'upgrade from this Capsule, which all nodes run at first',
    )
    .option(
      '--strategy <kind>',
      'rolling:1, canary:1, blue-green or all-at-once (default rolling:1)',
    )
    .option('--rollback <when>', `${ROLLBACKS.join(', ')} (default after-half)`)
    .option('--checks-from <capsule>', 'new or old: whose checks and workload run (default new)')
    .option('--fail-on-objectives', 'an objective that is missed fails the run')
    .option('--fail-on-regression', 'an indicator worse than the baseline fails the run')
    .option('--virtual', 'the same protocol in virtual time, without processes');
}

export function addRunOptions(command: Command): Command {
  return command
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--keep-runs', 'keep the node folders, and say where')
    .option('--hosts <file>', 'hosts are described here (default mesh.hosts.json)')
    .option('--concurrent', 'run although another run of this workspace is under way')
    .option(
      '--pcap [headers|full]',
      'keep packets between services; full: payloads too, secrets and all',
    )
    .option('--hold', 'keep the nodes up after the run, to look at them, until Ctrl-C')
    .option(
      '--open <[port:]service.port@node>',
      'lead a port of this machine to a service, such as gateway.http@n0; repeatable',
      collect,
    )
    .option('--json', 'print events as one JSON object per line')
    .option('--quiet', 'print only the verdict')
    .option('--junit <file.xml>', 'write the outcome as JUnit XML, for a pipeline')
    .option('--summary <file.md>', "write a summary as Markdown, for a job's page")
    .option('--otlp <url>', 'send the run to an OTLP receiver, such as http://localhost:4318');
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
