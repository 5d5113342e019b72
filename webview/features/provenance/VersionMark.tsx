import type { VNode } from 'preact';
import type { CapsuleVersion } from '../../../src/model/upgradeReport.ts';

/** Which Capsule of an upgrade: hollow is the old one, filled the new one, as under the bars of the lanes. */
export function VersionMark({ version }: { readonly version: CapsuleVersion }): VNode {
  return (
    <svg class={`version-mark is-${version}`} viewBox="0 0 10 10" aria-hidden="true">
      <VersionShape />
    </svg>
  );
}

/** The same shape inside a drawing of the caller's, 10 × 10. */
export function VersionShape(): VNode {
  return <rect x="1.5" y="1.5" width="7" height="7" rx="1" />;
}

/** Hex digits that fit beside narrow lanes. */
const FEW = 4;

/** What the two marks stand for. @param names short hashes */
export function VersionKey(props: {
  readonly names: Readonly<Record<CapsuleVersion, string>>;
  readonly isNarrow: boolean;
}): VNode {
  const { names, isNarrow } = props;
  return (
    <ul class="version-key" aria-label="Capsules of the upgrade">
      {(['old', 'new'] as const).map((version) => (
        <li key={version} title={names[version]}>
          <VersionMark version={version} /> {version}{' '}
          <code>{isNarrow ? names[version].slice(0, FEW) : names[version]}</code>
        </li>
      ))}
    </ul>
  );
}
