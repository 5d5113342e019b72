/** Requests as the page makes them; a body makes it a POST. @param printed the address, with the token in its hash */
export function callsTo(printed: string) {
  const { origin, hash } = new URL(printed);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  return async <T>(route: string, body?: string): Promise<T> => {
    const init = body === undefined ? {} : { method: 'POST', body };
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${origin}${route}`, { ...init, headers });
    if (!response.ok) throw new Error(`${route}: ${await response.text()}`);
    return (await response.json()) as T;
  };
}
