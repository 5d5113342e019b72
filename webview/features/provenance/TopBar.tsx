import type { VNode } from 'preact';
import type { View } from '../../state/place.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { inRun, short } from './format.ts';

const VIEWS: readonly (readonly [View, string])[] = [
  ['run', 'Run'],
  ['evidence', 'Evidence'],
  ['trust', 'Trust'],
  ['compare', 'Compare'],
];

/** `SHA256:` and as much of a fingerprint as tells two keys of one person apart. */
const FINGERPRINT = { from: 7, to: 15 } as const;

export function TopBar({ state }: { readonly state: StudioState }): VNode {
  const workspace = state.workspace.value;
  const capsule = state.capsuleHash.value;
  const signer = workspace?.signer;
  return (
    <header class="top">
      <h1>
        <Brand />
        <span class="brand-name">Mesh-Sim Studio</span>
        <span class="crumb">
          <span class="separator">/</span> {workspace?.product ?? workspace?.folder ?? ''}
          {capsule !== undefined && (
            <>
              {' '}
              <span class="separator">/</span>{' '}
              <code class="quiet" title={`Capsule ${capsule}`}>
                {short(capsule)}
              </code>
            </>
          )}
        </span>
      </h1>
      <nav aria-label="Views">
        {VIEWS.map(([view, label]) => (
          <button
            key={view}
            type="button"
            class="tab"
            aria-current={state.view.value === view ? 'page' : undefined}
            onClick={() => {
              state.show(view);
            }}
          >
            {label}
          </button>
        ))}
      </nav>
      <Disconnected state={state} />
      {signer !== undefined && (
        <span class="signer quiet" title={signer.fingerprint}>
          <Mark name="key" /> Signing as {signer.name ?? 'an unnamed key'}{' '}
          <code>{signer.fingerprint.slice(FINGERPRINT.from, FINGERPRINT.to)}</code>
        </span>
      )}
      {state.progress.isSlow.value && (
        <span class="progress" role="progressbar" aria-label="Loading" />
      )}
    </header>
  );
}

/** What is shown may be old: the server, or the extension host, does not answer. */
function Disconnected({ state }: { readonly state: StudioState }): VNode | null {
  const { run } = state;
  const isLive = state.frame.value >= 0 && run !== undefined && run.end === undefined;
  const isLost = !state.isConnected.value || (isLive && !run.isConnected);
  if (!isLost) return null;
  return (
    <span class="disconnected" role="status">
      <span class="err">
        disconnected{isLive ? `, showing data until ${inRun(run.view.at)} s` : ''}
      </span>
      <button
        type="button"
        class="link"
        onClick={() => {
          state.retry();
        }}
      >
        Retry
      </button>
    </span>
  );
}

function Brand(): VNode {
  return (
    <svg class="brand" viewBox="0 0 18 18" aria-hidden="true">
      <path d="M9 2.500 15 7l-2.300 7H5.300L3 7Z" fill="none" stroke="currentColor" />
      <g fill="currentColor">
        <circle class="brand-entry" cx="9" cy="2.500" r="2" />
        <circle cx="15" cy="7" r="1.700" />
        <circle cx="12.700" cy="14" r="1.700" />
        <circle cx="5.300" cy="14" r="1.700" />
        <circle cx="3" cy="7" r="1.700" />
      </g>
    </svg>
  );
}
