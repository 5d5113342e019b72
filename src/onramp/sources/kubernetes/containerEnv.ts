import type { Gap, Said, Variable } from '../../sketch.ts';
import { listOf, recordOf, textOf, type Values } from '../values.ts';
import { gapOf, type Resource } from './resources.ts';

export function envOf(container: Values, workload: Resource, resources: readonly Resource[]) {
  const env = new Map<string, Variable>();
  const secrets = new Map<string, Said<string | undefined>>();
  const gaps: Gap[] = [];
  const place = `${workload.file}, ${workload.kind} ${workload.name}, env`;
  const configMap = (name: unknown) =>
    recordOf(
      resources.find((one) => one.kind === 'ConfigMap' && one.name === textOf(name))?.value.data,
    );
  for (const entry of listOf(container.envFrom)) {
    const { configMapRef, secretRef } = recordOf(entry);
    const { name } = recordOf(configMapRef);
    for (const [key, value] of Object.entries(configMap(name))) {
      env.set(key, {
        value: textOf(value) ?? '',
        source: `ConfigMap ${textOf(name) ?? ''}, ${key}`,
      });
    }
    if (secretRef !== undefined)
      gaps.push(
        gapOf(
          workload,
          'envFrom',
          'the names in a Secret are not known here',
          'name them as "secrets" of the service',
        ),
      );
  }
  for (const entry of listOf(container.env)) {
    const { name, value, valueFrom } = recordOf(entry);
    const variable = textOf(name) ?? '';
    const source = `${place}.${variable}`;
    const { secretKeyRef, configMapKeyRef } = recordOf(valueFrom);
    const configured = textOf(
      configMap(recordOf(configMapKeyRef).name)[textOf(recordOf(configMapKeyRef).key) ?? ''],
    );
    const text = textOf(value) ?? configured;
    if (secretKeyRef !== undefined) secrets.set(variable, { value: undefined, source });
    else if (text !== undefined) env.set(variable, { value: text, source });
    else
      gaps.push({
        where: source,
        what: 'it has no value here, so it is left out',
        remedy: 'write it into env by hand',
      });
  }
  return { env, secrets, gaps };
}
