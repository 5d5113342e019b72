import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import { kibibytes, short } from './format.ts';

/** The parts of the one file that carries the evidence. */
export function CapsimParts({ parts }: { readonly parts: Evidence['parts'] }): VNode | null {
  if (parts.length === 0) return null;
  return (
    <section class="parts" aria-label="In the .capsim">
      <h3 class="section-head">In the .capsim</h3>
      <ul>
        {parts.map(({ name, bytes, digest }) => (
          <li key={name}>
            <span>{name}</span>
            {digest !== undefined && <code title={`SHA-256 ${digest}`}>{short(digest)}</code>}
            <span class="quiet">{kibibytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
