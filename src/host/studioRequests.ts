import type { StudioApi } from '../api/app.ts';
import { MeshSimError, type ErrorCode } from '../base/errors.ts';
import type {
  CapsuleList,
  Packed,
  PackRequest,
  Problem,
  StartRequest,
  Started,
  WorkspaceState,
} from '../model/api.ts';
import type { ProvenancePage } from '../model/provenanceApi.ts';
import type {
  DeployRequestBody,
  DeployStarted,
  EnvironmentList,
  RollbackRequestBody,
} from '../model/deployApi.ts';
import { trustFileText, trustRoute, type TrustExport } from '../model/trustExport.ts';

/** The API's use cases as the commands call them: same rules and refusals as the page meets. */
export class StudioRequests {
  readonly #api: () => Promise<StudioApi>;

  constructor(api: () => Promise<StudioApi>) {
    this.#api = api;
  }

  capsules(): Promise<CapsuleList> {
    return this.#send('/api/capsules');
  }

  workspace(): Promise<WorkspaceState> {
    return this.#send('/api/workspace');
  }

  /** @param before the `next` of the page above */
  provenance(before?: number): Promise<ProvenancePage> {
    return this.#send(`/api/provenance${before === undefined ? '' : `?before=${before}`}`);
  }

  pack(request: PackRequest, signal: AbortSignal): Promise<Packed> {
    return this.#send('/api/capsules', request, signal);
  }

  start(request: StartRequest): Promise<Started> {
    return this.#send('/api/mesh-sim/start', request);
  }

  /** @param capsuleHash left out: no gate is asked */
  environments(capsuleHash?: string): Promise<EnvironmentList> {
    return this.#send(
      `/api/environments${capsuleHash === undefined ? '' : `?capsule=${capsuleHash}`}`,
    );
  }

  deploy(request: DeployRequestBody): Promise<DeployStarted> {
    return this.#send('/api/deploy', request);
  }

  rollBack(request: RollbackRequestBody): Promise<DeployStarted> {
    return this.#send('/api/deploy/rollback', request);
  }

  replay(simId: string): Promise<Started> {
    return this.#send(`/api/mesh-sim/${simId}/replay`, {});
  }

  /** The signed file of a run. */
  async evidenceFile(simId: string): Promise<Uint8Array> {
    const response = await (await this.#api()).request(`/api/mesh-sim/result/${simId}.capsim`);
    if (!response.ok) throw problemError((await response.json()) as Problem);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** The packets between services that a run kept, as pcapng. @throws MeshSimError `capture-missing` */
  async packets(simId: string): Promise<Uint8Array> {
    const response = await (await this.#api()).request(`/api/mesh-sim/${simId}/pcap`);
    if (!response.ok) throw problemError((await response.json()) as Problem);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** The chain of trust as a file, every link checked for it. */
  async trustFile(wanted: TrustExport): Promise<Uint8Array> {
    const response = await (await this.#api()).request(trustRoute(wanted));
    if (!response.ok) throw problemError((await response.json()) as Problem);
    return Buffer.from(trustFileText(wanted, await response.text()));
  }

  async #send<Answer>(route: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
    const api = await this.#api();
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    };
    const response = await api.request(route, body === undefined ? {} : init);
    if (!response.ok) throw problemError((await response.json()) as Problem);
    return (await response.json()) as Answer;
  }
}

function problemError({ code, detail }: Problem): MeshSimError {
  return new MeshSimError(code as ErrorCode, detail);
}
