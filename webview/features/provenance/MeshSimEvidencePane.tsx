import { useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import type { EvidenceExtension } from '../../../src/model/evidence.ts';
import { tellHost } from '../../client/editorDoor.ts';
import { readBoot } from '../../client/door.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { kibibytes, short } from './format.ts';

/** What a sealed run proves, and how that was checked. */
export function MeshSimEvidencePane({ state }: { readonly state: StudioState }): VNode {
  const evidence = state.evidence.value;
  if (evidence === undefined) return <NoEvidence state={state} />;
  const extension = evidence.statement?.predicate.meshsim_evidence;
  return (
    <div class="evidence">
      <header>
        <Stamp evidence={evidence} />
        <div>
          <h2>Simulation Evidence {extension?.result.simId.slice(0, 8)}</h2>
          {extension !== undefined && (
            <p class="quiet">
              {new Date(extension.result.startedAt).toLocaleString()}, Capsule{' '}
              <code>{short(extension.result.capsuleHash)}</code>
              {evidence.ledger !== undefined && (
                <>
                  {' '}
                  Entry <code>{short(evidence.ledger.leafHash)}</code>
                </>
              )}
            </p>
          )}
          <p class={evidence.verdict === 'verified' ? 'ok' : 'err'}>{evidence.sentence}</p>
          {evidence.signer !== undefined && (
            <p>
              Signed by {evidence.signer.name ?? 'an unknown key'}{' '}
              <code>{evidence.signer.fingerprint}</code>
            </p>
          )}
        </div>
        <Actions state={state} evidence={evidence} />
      </header>
      <Steps evidence={evidence} />
      {extension !== undefined && <Facts extension={extension} />}
      <Parts evidence={evidence} />
    </div>
  );
}

function NoEvidence({ state }: { readonly state: StudioState }): VNode {
  return (
    <div class="nothing">
      <h2>No evidence selected</h2>
      <p class="quiet">Select a sealed run in the timeline, or verify a file from anywhere.</p>
      <Import state={state} />
    </div>
  );
}

function Import({ state }: { readonly state: StudioState }): VNode {
  const file = useRef<HTMLInputElement>(null);
  const verify = (): void => {
    const chosen = file.current?.files?.[0];
    if (chosen === undefined) return;
    void state.attempt(async () => {
      state.evidence.value = await state.client.verify(new Uint8Array(await chosen.arrayBuffer()));
    });
  };
  return (
    <label class="import">
      Import .capsim
      <input ref={file} type="file" accept=".capsim" onChange={verify} />
    </label>
  );
}

/** Never green for what was not verified. */
function Stamp({ evidence }: { readonly evidence: Evidence }): VNode {
  const outcome = evidence.statement?.predicate.meshsim_evidence.result.outcome;
  if (evidence.verdict !== 'verified' || outcome === undefined) {
    return <StampBox tone="err" mark="slash" word={evidence.verdict.toUpperCase()} />;
  }
  return outcome === 'pass' ? (
    <StampBox tone="ok" mark="pass" word="PASS" />
  ) : (
    <StampBox tone="err" mark="fail" word="FAIL" />
  );
}

function StampBox(props: {
  readonly tone: string;
  readonly mark: 'pass' | 'fail' | 'slash';
  readonly word: string;
}): VNode {
  return (
    <div class={`stamp ${props.tone}`}>
      <Mark name={props.mark} />
      <strong>{props.word}</strong>
    </div>
  );
}

function Actions({
  state,
  evidence,
}: {
  readonly state: StudioState;
  readonly evidence: Evidence;
}): VNode | null {
  const simId = evidence.statement?.predicate.meshsim_evidence.result.simId;
  if (simId === undefined || readBoot().document === true || !evidence.hasEvents) return null;
  const refusal = state.workspace.value?.refusal;
  const replay = (): void => {
    void state.attempt(async () => {
      state.openRun((await state.client.replay(simId)).simId);
    });
  };
  const save = (): void => {
    if (readBoot().door === 'editor') tellHost({ type: 'export', simId });
    else void state.attempt(() => download(state, simId));
  };
  return (
    <div class="actions">
      <Button
        kind="primary"
        isDisabled={refusal !== undefined}
        title={refusal ?? ''}
        onPress={replay}
      >
        Replay Simulation
      </Button>
      <Button onPress={save}>Export .capsim</Button>
      <Button
        onPress={() => {
          state.loadEvidence();
        }}
      >
        Verify
      </Button>
    </div>
  );
}

async function download(state: StudioState, simId: string): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await state.client.artifact(simId));
  link.download = `${simId}.capsim`;
  link.click();
  URL.revokeObjectURL(link.href);
}

const STEP_TONES = { ok: 'ok', failed: 'err', skipped: '' } as const;

function Steps({ evidence }: { readonly evidence: Evidence }): VNode {
  return (
    <section>
      <h3>
        Verification{' '}
        <span class="quiet">checked {new Date(evidence.checkedAt).toLocaleTimeString()}</span>
      </h3>
      <ul class="steps">
        {evidence.steps.map((step) => (
          <li key={step.name}>
            <Mark
              name={step.status === 'ok' ? 'pass' : step.status === 'failed' ? 'fail' : 'pending'}
              tone={STEP_TONES[step.status]}
            />
            <strong>{step.name}</strong> <span>{step.sentence}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ extension }: { readonly extension: EvidenceExtension }): VNode {
  const { plan, result, environment, invariants, network } = extension;
  const sent = network.links.reduce((sum, link) => sum + link.sent, 0);
  const dropped = network.links.reduce((sum, link) => sum + link.dropped, 0);
  const facts: [string, string][] = [
    ['Nodes', `${plan.params.nodes}, ${plan.topology.kind} topology`],
    ['Latency', `${plan.params.latencyMs.join(' to ')} ms per link`],
    [
      'Packet loss',
      `${plan.params.packetLoss} %, measured ${sent === 0 ? 0 : ((100 * dropped) / sent).toFixed(1)} %`,
    ],
    ['Verification', plan.params.verifySignatures ? 'every hop' : 'off'],
    ['Chaos', plan.chaos.preset],
    [
      'Drift',
      plan.drift
        .map(({ node, service, commit }) => `${node}: ${service} at ${commit}`)
        .join(', ') || 'off',
    ],
    ['Seed', String(plan.seed)],
    [
      'Fidelity',
      `${environment.fidelity}${environment.degraded ? ', degraded: the machine was too busy to keep the delays exactly' : ''}`,
    ],
  ];
  return (
    <>
      <section>
        <h3>Invariants</h3>
        <ul class="steps">
          {invariants.map(({ name, passed, details }) => (
            <li key={name}>
              <Mark name={passed ? 'pass' : 'fail'} tone={passed ? 'ok' : 'err'} />
              <strong>{name}</strong> <span>{details}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3>Parameters</h3>
        <dl>
          {facts.map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </section>
      <NodeHealth result={result} />
    </>
  );
}

function NodeHealth({ result }: { readonly result: EvidenceExtension['result'] }): VNode {
  const began = Date.parse(result.startedAt);
  const span = Math.max(1, Date.parse(result.endedAt) - began);
  const share = (iso: string): number => (100 * (Date.parse(iso) - began)) / span;
  return (
    <section>
      <h3>
        Node health <span class="quiet">phases, 0 to {(span / 1000).toFixed(2)} s</span>
      </h3>
      <ul class="health">
        {result.nodeReports.map(({ nodeId, phases, signatureVerified }) => (
          <li key={nodeId}>
            <strong>{nodeId}</strong>
            <span
              class="strip"
              role="img"
              aria-label={phases.map(({ name, status }) => `${name} ${status}`).join(', ')}
            >
              {phases.map((phase, index) => (
                <i
                  key={index}
                  class={`${phase.name} ${phase.status}`}
                  ref={(part) => {
                    part?.style.setProperty('left', `${share(phase.start)}%`);
                    part?.style.setProperty('width', `${share(phase.end) - share(phase.start)}%`);
                  }}
                />
              ))}
            </span>
            <span class={signatureVerified ? 'ok' : 'err'}>
              {signatureVerified ? 'signature verified' : 'not verified'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Parts({ evidence }: { readonly evidence: Evidence }): VNode | null {
  if (evidence.parts.length === 0) return null;
  return (
    <section>
      <h3>In the .capsim</h3>
      <ul class="parts">
        {evidence.parts.map(({ name, bytes, digest }) => (
          <li key={name}>
            {name} <code>{digest === undefined ? '' : short(digest)}</code>{' '}
            <span class="quiet">{kibibytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
