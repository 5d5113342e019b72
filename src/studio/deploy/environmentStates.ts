import type { GateFacts } from '../../deploy/gateFacts.ts';
import { effectivePolicy } from '../../deploy/gatePolicy.ts';
import type { DescribedHosts } from '../../deploy/neededHosts.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import { reasonsOf } from '../../model/deploy.ts';
import type { EnvironmentList, EnvironmentState, GatePreview } from '../../model/deployApi.ts';
import type { Environment } from '../../model/environments.ts';
import { deployedBefore, maybeActive, newestProven, successfulDeploys } from './deployHistory.ts';
import { environmentsOf } from './environments.ts';
import { resolveCapsule } from '../capsules/findCapsule.ts';
import { gateAnswer } from './gate.ts';
import { gateFacts } from './gateInput.ts';
import { readProvenance } from '../provenance/provenance.ts';
import type { Prover } from '../provenance/provenanceChain.ts';
import { ProofReader } from '../provenance/provenanceProof.ts';
import type { Studio } from '../studio.ts';
import { describedHosts } from '../workspace/hostsFile.ts';

/**
 * Every environment as it is now; with what its gate would say of a Capsule, if one is named. Nothing is written.
 * @param capsule a hash or a unique prefix
 * @throws MeshSimError `environments-invalid`, `capsule-unknown`, `capsule-ambiguous`
 */
export async function environmentStates(
  studio: Studio,
  capsule: string | undefined,
): Promise<EnvironmentList> {
  const { environments } = await environmentsOf(studio.workspace);
  // Read once for all environments: every byte of the Capsule is among the facts.
  const facts =
    capsule === undefined
      ? undefined
      : await gateFacts(studio.workspace, await resolveCapsule(studio.workspace, capsule));
  // Of a broken ledger what can still be read is shown; that it is broken is the gate's to say.
  const hosts = await describedHosts(studio.workspace.options.folder);
  const provenance = await readProvenance(studio.workspace);
  const { entries } = provenance;
  const reader = await ProofReader.open(studio.workspace, provenance, 'manifest');
  const prover = studio.keptProofs.before(reader);
  const states: EnvironmentState[] = [];
  for (const [name, environment] of Object.entries(environments)) {
    states.push(await stateOf({ studio, entries, prover, facts, hosts }, name, environment));
  }
  return { environments: states };
}

interface Known {
  readonly studio: Studio;
  readonly entries: readonly AppendedEntry[];
  readonly prover: Prover;
  /** Of the Capsule that is asked about. */
  readonly facts: GateFacts | undefined;
  readonly hosts: DescribedHosts;
}

async function stateOf(
  { studio, entries, prover, facts, hosts }: Known,
  name: string,
  environment: Environment,
): Promise<EnvironmentState> {
  const policy = effectivePolicy(environment);
  const past = successfulDeploys(entries, name);
  const newest = await newestProven(past, prover);
  const before = deployedBefore(past, newest?.entry.capsuleHash);
  const deploying = studio.deploys.deployingTo(name);
  return {
    name,
    production: environment.production,
    target: environment.target.kind,
    ...(policy === undefined ? {} : { policy }),
    ...(newest === undefined
      ? {}
      : {
          release: {
            capsuleHash: newest.entry.capsuleHash,
            at: newest.entry.at,
            runId: newest.runId,
            status: newest.entry.status === 'rolled-back' ? 'rolled-back' : 'deployed',
          },
        }),
    ...(before === undefined ? {} : { rollsBackTo: before.entry.capsuleHash }),
    ...(deploying === undefined ? {} : { deploying }),
    ...(facts === undefined
      ? {}
      : {
          preview: preview(
            studio,
            { environment: name, policy, hosts, active: await maybeActive(past, prover) },
            facts,
          ),
        }),
  };
}

/** Whether glass may be broken is found by asking as if it were. */
function preview(
  { workspace: { clock } }: Studio,
  asked: Omit<Parameters<typeof gateAnswer>[1], 'breakGlass'>,
  facts: GateFacts,
): GatePreview {
  const { decision, needs } = gateAnswer(facts, asked, clock);
  const isRefused = decision.decision === 'deny';
  const breakGlass = 'may it be done?';
  const broken = isRefused ? gateAnswer(facts, { ...asked, breakGlass }, clock) : undefined;
  return {
    decision,
    reasons: isRefused ? reasonsOf(decision) : [],
    canBreakGlass: broken?.decision.decision === 'allow',
    ...(needs === undefined ? {} : { needs }),
  };
}
