import type { VNode } from 'preact';
import { changeOfMs, phaseWords } from '../../../src/model/comparedWords.ts';
import type { PhaseDifference } from '../../../src/model/runComparison.ts';
import { seconds } from '../provenance/format.ts';

/** Of a cell, in its own units. */
const WIDTH = 100;

/** How long each phase of each node took in both, on one scale. Each is one measurement, so no verdict is given. */
export function ComparedPhases({ phases }: { readonly phases: readonly PhaseDifference[] }): VNode {
  const longest = Math.max(1, ...phases.map(({ a, b }) => Math.max(a?.ms ?? 0, b?.ms ?? 0)));
  return (
    <section class="compared-phases" aria-label="Phases">
      <h3 class="section-head">
        Phases <span class="quiet">one measurement each: no verdict</span>
      </h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col" class="bars">
              <span class="visually-hidden">A above B</span>
            </th>
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col">B less A</th>
          </tr>
        </thead>
        <tbody>
          {phases.map((one) => {
            const words = `${one.nodeId} ${phaseWords(one)}`;
            return (
              <tr key={words}>
                <th scope="row">{words}</th>
                <td class="bars">
                  <Bars phase={one} longest={longest} />
                </td>
                <td>
                  <Took side={one.a} />
                </td>
                <td>
                  <Took side={one.b} />
                </td>
                <td>{changeOfMs(one.a?.ms, one.b?.ms) ?? '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** A above B; the figures beside them say the same. */
function Bars(props: { readonly phase: PhaseDifference; readonly longest: number }): VNode {
  const { phase, longest } = props;
  const widthOf = (ms = 0): number => (WIDTH * ms) / longest;
  return (
    <svg
      class={`compared-bars strip-part is-${phase.phase}`}
      viewBox={`0 0 ${WIDTH} 14`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect width={widthOf(phase.a?.ms)} height="6" />
      <rect class="of-b" y="8" width={widthOf(phase.b?.ms)} height="6" />
    </svg>
  );
}

function Took({ side }: { readonly side: PhaseDifference['a'] }): VNode {
  if (side === undefined) return <>–</>;
  return side.status === 'ok' ? (
    <>{seconds(side.ms)}</>
  ) : (
    <span class="err">{seconds(side.ms)} failed</span>
  );
}
