import type { Boot } from '../../src/model/boot.ts';
import { onHostMessage, tellHost } from './editorApi.ts';
import { EditorDoor } from './editorDoor.ts';
import type { Door } from './studioClient.ts';

/** @throws Error when the HTML holds no boot data */
export function readBoot(): Boot {
  return JSON.parse(document.body.dataset.boot ?? '') as Boot;
}

export function openDoor(boot: Boot): Door {
  return boot.door === 'editor'
    ? new EditorDoor({ post: tellHost, listen: onHostMessage }).fetch
    : httpFetch();
}

/**
 * The token comes in the fragment, which no server sees, and stays in memory: in the editor's preview, a cross-site iframe,
 * cookies and storage are unreliable.
 */
function httpFetch(): Door {
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  return (url, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(url.replace(/^\//, './'), { ...init, headers });
  };
}
