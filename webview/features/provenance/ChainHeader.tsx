import type { VNode } from 'preact';
import type { Integrity } from '../../../src/model/provenanceApi.ts';
import { chainTicks } from '../../state/timeline.ts';
import { Mark } from '../../ui/Mark.tsx';

/** As many as fit beside the words. */
const TICKS = 12;

/** Whether the chain holds, from its first link to its last. */
export function ChainHeader({ integrity }: { readonly integrity: Integrity }): VNode {
  const { status, sentence } = integrity;
  if (status === 'empty') return <p class="chain quiet">{sentence}</p>;
  return (
    <div class="chain">
      <p class="chain-line">
        <ChainWords integrity={integrity} />
        <span class="ticks" aria-hidden="true">
          {chainTicks(integrity, TICKS).map((tick, index) => (
            <i key={index} class={tick} />
          ))}
        </span>
      </p>
      {status === 'broken' && (
        <p class="chain-problem" role="alert">
          {breakOf(integrity)} {sentence}
        </p>
      )}
    </div>
  );
}

/** "Chain intact 11 of 11", for the header and for the strip of a narrow page. */
export function ChainWords({ integrity }: { readonly integrity: Integrity }): VNode {
  const { status, verified, size, sentence } = integrity;
  const isIntact = status === 'intact';
  return (
    <span title={sentence}>
      <Mark name={isIntact ? 'link' : 'fail'} tone={isIntact ? 'ok' : 'err'} />{' '}
      {isIntact ? 'Chain intact' : status === 'empty' ? 'No chain yet' : 'Chain broken'}{' '}
      {status !== 'empty' && (
        <span class="quiet">
          {verified} of {size}
        </span>
      )}
    </span>
  );
}

/** Entries are counted from 0, as the ledger counts them. */
function breakOf({ brokenAt }: Integrity): string {
  if (brokenAt === undefined) return '';
  return brokenAt === 0
    ? 'Entry 0 does not match.'
    : `The link from entry ${brokenAt - 1} to ${brokenAt} does not match.`;
}
