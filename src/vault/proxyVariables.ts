import { Redactor } from './redactor.ts';

/** What tells programs of a proxy, in either case: most read one, some the other. */
const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** Files with the certificates that programs are to trust, where a proxy, named or not, shows its own for every host. */
const CERTIFICATES = [
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'PIP_CERT'],
  ...['CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'npm_config_cafile'],
];

/** Shorter words are ordinary ones: masked, they would make output unreadable. As in vaults. */
const SHORTEST_PASSWORD = 6;

/** The variables of an environment that tell of a proxy and whom to trust: how to get somewhere, not what is got. */
export function proxyVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    [...NAMES, ...CERTIFICATES].flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value] as const];
    }),
  );
}

/** Whether some of them name a proxy. */
export function namesProxy(variables: Readonly<Record<string, string>>): boolean {
  return NAMES.some((name) => Object.hasOwn(variables, name));
}

/** Masks secrets, by name → value, and the passwords that proxy variables hold. */
export function runRedactor(
  secrets: ReadonlyMap<string, string>,
  proxy: Readonly<Record<string, string>>,
): Redactor {
  const passwords = Object.entries(proxy).flatMap(([name, value]) =>
    passwordsIn(value).map((password) => [`the password in ${name}`, password] as const),
  );
  return new Redactor(new Map([...secrets, ...passwords]));
}

/** `http://user:password@host:port`; the password as it is written, which may be percent-encoded. */
function passwordsIn(url: string): string[] {
  const [, password = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^:@/]*:([^@/]+)@/i.exec(url) ?? [];
  return password.length < SHORTEST_PASSWORD ? [] : [password];
}
