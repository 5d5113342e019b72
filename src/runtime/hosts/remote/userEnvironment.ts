/**
 * What a program such as ssh needs of the user's environment to find their keys, their agent and their engine; kubectl asks programs of
 * clouds for a token, and may reach the cluster by a proxy.
 */
const OF_THE_USER =
  /^(PATH|HOME|USER|LOGNAME|LANG|SSH_\w+|DOCKER_\w+|CONTAINERS?_\w+|XDG_\w+|KUBE\w+|TMPDIR|AWS_\w+|AZURE_\w+|GOOGLE_\w+|CLOUDSDK_\w+|(https?|no)_proxy)$/i;

/** For programs that reach other hosts: nothing else of it goes there. */
export function userEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const known = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
    value !== undefined && OF_THE_USER.test(name) ? [[name, value]] : [],
  );
  return Object.fromEntries(known);
}
