import type { VNode } from 'preact';
import type { ProvenanceRun } from '../../../src/model/provenanceApi.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { clockTime, short } from './format.ts';
import { RowActions } from './RowActions.tsx';
import { rehearsedText } from './upgradeText.ts';

interface TimelineRowProps {
  readonly run: ProvenanceRun;
  readonly state: StudioState;
  readonly isTabStop: boolean;
  /** The chain breaks at this entry. */
  readonly isBreak: boolean;
  readonly onFocus: () => void;
}

/** One entry of the ledger. Its last line is its own hash and the one before, so that the chain can be read by eye. */
export function TimelineRow({ run, state, isTabStop, isBreak, onFocus }: TimelineRowProps): VNode {
  const isSelected = state.selectedRun.value?.runId === run.runId;
  const { status, isProven } = run;
  const explored = state.explored.placeOf(run.simId);
  const summary = isProven ? run.summary : (run.problem ?? '');
  const classes = ['row', `is-${status}`];
  if (!isProven) classes.push('unproven');
  if (isBreak) classes.push('break');
  return (
    <li class={classes.join(' ')} aria-current={isSelected ? 'true' : undefined}>
      <span class="disc">
        <Glyph kind={run.kind} />
      </span>
      <button
        type="button"
        class="row-open"
        tabIndex={isTabStop ? 0 : -1}
        onFocus={onFocus}
        onClick={() => {
          state.openEntry(run);
        }}
      >
        <span class="row-title">{run.title}</span>
        <time dateTime={run.at}>{clockTime(run.at)}</time>
      </button>
      <Outcome run={run} />
      {isProven && status === 'pass' && run.upgrade !== undefined && (
        <span class="badge is-upgrade">
          <Mark name="retry" /> {rehearsedText(run.upgrade, run.capsuleHash)}
        </span>
      )}
      {explored !== undefined && (
        <span
          class="badge is-explored"
          title="As the record of the exploration says, which is not signed"
        >
          <Mark name="scatter" /> Explored, seed {explored.place} of {explored.exploration.asked}
        </span>
      )}
      {summary !== '' && <span class="row-summary">{summary}</span>}
      <span class="row-chain">
        <code>
          {status === 'running' ? 'not in chain yet' : short(run.runId)}
          {run.previous !== undefined && <span class="row-previous"> ← {short(run.previous)}</span>}
        </code>
        <span class="row-signer">{run.signer?.name}</span>
      </span>
      <RowActions run={run} state={state} isSelected={isSelected} />
    </li>
  );
}

function Glyph({ kind }: { readonly kind: ProvenanceRun['kind'] }): VNode {
  switch (kind) {
    case 'pack':
      return <Mark name="pack" />;
    case 'simulation':
      return <Mark name="mesh" />;
    case 'gate-decision':
      return <Mark name="scales" />;
    case 'deploy':
      return <Mark name="rocket" />;
  }
}

/** What an entry says of itself counts only while the chain holds up to it, and what was signed verifies. */
function Outcome({ run }: { readonly run: ProvenanceRun }): VNode | null {
  if (!run.isProven) {
    return (
      <span class="row-outcome">
        <span class="outcome-word">
          <Mark name="pending" /> unproven
        </span>
      </span>
    );
  }
  switch (run.status) {
    case 'pass':
    case 'fail':
      if (run.kind === 'deploy') return <Word mark="fail" tone="err" word="failed" />;
      return (
        <span class="row-outcome">
          <span class={`badge ${run.status}`}>
            <Mark name="seal" /> Simulation Evidence
          </span>
          <Word mark={run.status} tone={run.status === 'pass' ? 'ok' : 'err'} word={run.status} />
        </span>
      );
    case 'running':
      return (
        <span class="row-outcome">
          <span class="badge pending">
            <Mark name="pending" /> Evidence pending
          </span>
        </span>
      );
    case 'refused':
      return <Word mark="slash" tone="err" word="refused" />;
    case 'allowed':
      if (run.isBreakGlass === true) return <Word mark="flame" tone="err" word="glass broken" />;
      return <Word mark="pass" tone="ok" word={run.status} />;
    case 'deployed':
      return <Word mark="pass" tone="ok" word={run.status} />;
    case 'packed':
    case 'unfinished':
      return null;
  }
}

function Word(props: {
  readonly mark: 'pass' | 'fail' | 'slash' | 'flame';
  readonly tone: 'ok' | 'err';
  readonly word: string;
}): VNode {
  return (
    <span class={`outcome-word ${props.tone}`}>
      <Mark name={props.mark} /> {props.word.toUpperCase()}
    </span>
  );
}
