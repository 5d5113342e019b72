import type { VNode } from 'preact';
import type { EventsDifference, PartedEvent } from '../../../src/model/runComparison.ts';
import { inRun } from '../provenance/format.ts';

/** Further places that are listed; the rest is counted. */
const MORE = 12;

/** The first event that the other run has another one for, and what parted after it: aligned by what events are, not by time. */
export function PartedEvents({ difference }: { readonly difference: EventsDifference }): VNode {
  const { same, parted } = difference;
  const [first, ...more] = parted;
  if (first === undefined) {
    return (
      <p class="compare-why">They never part: all {same} events that are compared are in both.</p>
    );
  }
  const rest = more.length - MORE;
  return (
    <>
      <p class="compare-why">
        First at <strong>{first.about}</strong>.{' '}
        <span class="quiet">Of the events before, {same} are in both.</span>
      </p>
      <div class="parted-first">
        <Place name="A" place={first.a} />
        <Place name="B" place={first.b} />
      </div>
      {more.length > 0 && (
        <details class="parted-more">
          <summary>Then {more.length === 1 ? 'one more' : `${more.length} more`}</summary>
          <table aria-label="Where else they part">
            <thead>
              <tr>
                <th scope="col">Of</th>
                <th scope="col" class="text">
                  A
                </th>
                <th scope="col" class="text">
                  B
                </th>
              </tr>
            </thead>
            <tbody>
              {more.slice(0, MORE).map(({ about, a, b }) => (
                <tr key={about}>
                  <th scope="row">{about}</th>
                  <td class="text">{placeText(a)}</td>
                  <td class="text">{placeText(b)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {rest > 0 && <p class="compare-why quiet">And {rest} more.</p>}
        </details>
      )}
    </>
  );
}

function placeText(place: PartedEvent['a']): string {
  return place === undefined ? '–' : `${inRun(place.at)} s  ${place.is}`;
}

function Place(props: { readonly name: string; readonly place: PartedEvent['a'] }): VNode {
  const { name, place } = props;
  return (
    <div>
      <p>
        <strong>{name}</strong>{' '}
        {place === undefined ? (
          <span class="quiet">has no further event of these</span>
        ) : (
          <>
            <time>{inRun(place.at)} s</time> {place.is}
          </>
        )}
      </p>
      {place?.details !== undefined && <p class="quiet">{place.details}</p>}
    </div>
  );
}
