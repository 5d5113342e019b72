import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { MeshSimError } from '../base/errors.ts';

/** Who may speak to a server on loopback: any page in any browser of this machine can reach its port. */
export interface Admission {
  readonly token: string;
  /** Host headers that name this server; anything else is DNS rebinding. */
  readonly authorities: ReadonlySet<string>;
}

/**
 * Refuses requests whose Host is not ours (DNS rebinding), whose Origin is another page's (cross-site requests), and API
 * requests without the token. EventSource cannot set headers, so streams may pass the token in the query.
 * @throws MeshSimError `request-foreign`, `token-missing`
 */
export function doorkeeper(admission: Admission): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const host = req.header('host') ?? '';
    if (!admission.authorities.has(host)) {
      throw new MeshSimError('request-foreign', `This server does not answer as "${host}".`);
    }
    const origin = req.header('origin');
    if (origin !== undefined && !isOwnOrigin(origin, admission.authorities)) {
      throw new MeshSimError('request-foreign', `Pages of ${origin} may not call this server.`);
    }
    if (req.path.startsWith('/api/')) {
      const bearer = /^Bearer (\S+)$/.exec(req.header('authorization') ?? '')?.[1];
      const isStream = req.method === 'GET' && req.path.endsWith('/events');
      const given = bearer ?? (isStream ? req.query('token') : undefined);
      if (given === undefined || !isSameSecret(given, admission.token)) {
        throw new MeshSimError('token-missing', 'Open the Studio by the address it printed.');
      }
    }
    await next();
  };
}

function isOwnOrigin(origin: string, authorities: ReadonlySet<string>): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url !== undefined && authorities.has(url.host);
}

/** Hashes have one length, so neither time nor length tells about the secret. */
function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(hashOf(given), hashOf(secret));
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
