import type { VNode } from 'preact';
import { verdictReasons, VERDICTS } from '../../../src/model/comparedWords.ts';
import type { Comparison } from '../../../src/model/comparison.ts';

/** What the test of all measurements says of B. Only a verdict may be coloured: what could be chance is neither good nor bad. */
export function Verdict({ comparison }: { readonly comparison: Comparison | undefined }): VNode {
  if (comparison === undefined) return <span class="quiet">–</span>;
  const { verdict, sentence } = comparison;
  return (
    <span class={verdict === 'fail' ? 'late' : 'quiet'} title={sentence}>
      {VERDICTS[verdict]}
    </span>
  );
}

/** Below a table: why some of its rows are worse, and why others come to nothing. */
export function VerdictReasons(props: {
  readonly comparisons: readonly (Comparison | undefined)[];
}): VNode | null {
  const { worse, open } = verdictReasons(props.comparisons);
  if (worse.length + open.length === 0) return null;
  return (
    <ul class="compare-reasons">
      {worse.map((why) => (
        <li key={why} class="late">
          {why}
        </li>
      ))}
      {open.map((why) => (
        <li key={why} class="quiet">
          {why}
        </li>
      ))}
    </ul>
  );
}
