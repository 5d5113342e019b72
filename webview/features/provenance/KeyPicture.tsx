import type { VNode } from 'preact';
import { KEY_CELLS, keyPicture } from '../../draw/keyPicture.ts';

/** A key as a picture, so that another one is noticed at a glance. The fingerprint beside it says the same in words. */
export function KeyPicture({ publicKey }: { readonly publicKey: string }): VNode {
  const path = keyPicture(publicKey)
    .map((isFilled, cell) => {
      if (!isFilled) return '';
      return `M${cell % KEY_CELLS} ${Math.floor(cell / KEY_CELLS)}h1v1h-1Z`;
    })
    .join('');
  return (
    <svg class="key-picture" viewBox={`-1 -1 ${KEY_CELLS + 2} ${KEY_CELLS + 2}`} aria-hidden="true">
      <path d={path} fill="currentColor" shape-rendering="crispEdges" />
    </svg>
  );
}
