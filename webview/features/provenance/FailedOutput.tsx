import type { VNode } from 'preact';
import type { RunHistory } from '../../run/history.ts';

/** Of a run that failed, what the service that failed first said last. */
export function FailedOutput({ run }: { readonly run: RunHistory }): VNode | null {
  const words = run.end?.outcome === 'fail' ? run.lastWords.ofFailed : undefined;
  if (words === undefined) return null;
  const { service, nodeId, lines } = words;
  const title = `What ${service} on ${nodeId} said last`;
  return (
    <details class="failed-output" open>
      <summary>
        {title} <span class="quiet">{lines.length === 1 ? '1 line' : `${lines.length} lines`}</span>
      </summary>
      {/* It scrolls, so that a keyboard has to reach it. */}
      <pre tabIndex={0} aria-label={title} ref={showLast}>
        {lines.join('\n')}
      </pre>
    </details>
  );
}

/** The error is mostly at the end. */
function showLast(box: HTMLElement | null): void {
  if (box !== null) box.scrollTop = box.scrollHeight;
}
