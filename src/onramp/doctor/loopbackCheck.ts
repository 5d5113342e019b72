import type { SourceService } from '../../model/registry.ts';
import type { ProductFiles } from '../files/productFiles.ts';
import { scanSources } from '../programs/sourceScan.ts';
import { warn, type Check } from './check.ts';

const LOOPBACK = String.raw`(?:127\.0\.0\.1|localhost|\[?::1\]?)`;
/** `--host 127.0.0.1`, `--bind=localhost:8000`, `-b 127.0.0.1:8000`, `runserver 127.0.0.1:8000`. */
const TOLD = new RegExp(
  String.raw`(?:^|\s)((?:--?(?:host(?:name)?|bind|listen|addr(?:ess)?|ip|b)[\s=]|runserver\s)\s*["']?${LOOPBACK}(?::\S+)?)(?=["'\s]|$)`,
);
/** Variables that servers take their own address from; DB_HOST and its like name another. */
const OWN_HOST =
  /^(?:(?:HTTP|APP|SERVER|LISTEN|BIND|WEB)_)?(?:HOST|HOSTNAME|ADDR|ADDRESS)$|^(?:BIND|LISTEN)$/;
const IS_LOOPBACK = new RegExp(`^${LOOPBACK}(?::.*)?$`);

/** A service that its own node alone will reach: it is healthy there, and refused to every other one. */
export function loopbackChecks(files: ProductFiles, service: SourceService): Check[] {
  if (Object.keys(service.ports).length === 0) return [];
  const found = toldBy(service) ?? scanSources(files, service.path).loopback;
  if (found === undefined) return [];
  return [
    warn(
      service.name,
      `it seems to listen on loopback only (${found.source}: ${found.value}), where no other node reaches it`,
      'have it listen on 0.0.0.0',
    ),
  ];
}

function toldBy({ start, env }: SourceService) {
  const command = [start].flat().join(' ');
  const option = TOLD.exec(command)?.[1];
  if (option !== undefined) return { source: 'start', value: option };
  const [name, value] =
    Object.entries(env).find(([name, value]) => OWN_HOST.test(name) && IS_LOOPBACK.test(value)) ??
    [];
  return name === undefined ? undefined : { source: 'env', value: `${name}=${value}` };
}
