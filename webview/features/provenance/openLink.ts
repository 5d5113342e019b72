import type { LinkTarget } from '../../../src/model/serviceLink.ts';
import { readBoot } from '../../client/door.ts';
import { tellHost } from '../../client/editorApi.ts';
import type { StudioState } from '../../state/studioState.ts';

/** Has a port lead to a service, and shows it where that is a page: in a tab of the browser, or by the editor. */
export async function openLink(
  state: StudioState,
  simId: string,
  target: LinkTarget,
): Promise<string> {
  const { address } = await state.client.openLink(simId, target);
  if (!address.startsWith('http')) return address;
  if (readBoot().door === 'editor') tellHost({ type: 'open-link', address });
  else window.open(address, '_blank', 'noopener');
  return address;
}
