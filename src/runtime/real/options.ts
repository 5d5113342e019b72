import type { Clock } from '../../base/clock.ts';
import type { Capsule } from '../../model/capsule.ts';
import type { DsseEnvelope } from '../../model/evidence.ts';
import type { MeshEvent } from '../../model/events.ts';
import type { CaptureMode } from '../../model/captureMode.ts';
import type { RunObservation } from '../../model/observation.ts';
import type { ServiceLinks } from './serviceLinks.ts';
import type { CapturedBlocks } from './switch/packetCapture.ts';
import type { HostSpec } from '../../model/hosts.ts';
import type { Plan } from '../../model/plan.ts';

/** What keeps services away from production. */
export interface ProductionGuard {
  /** Host patterns that no service may reach. */
  readonly deny: readonly string[];
  /** `auto`: each node's builds and services get a box where the machine has one for them; `off`: they run on the host, and Node.js programs alone are guarded. */
  readonly namespace: 'auto' | 'off';
  /** Ports at which hosts outside a box can be reached, besides usual ones and those that services' env names. */
  readonly ports: readonly number[];
}

/** What of the machine no builds or services are to find, where each node has a box for them. */
export interface Cover {
  /** Folders that are empty inside, without links in their paths. */
  readonly folders: readonly string[];
  /** Why the product's own folders cannot be covered, one clause; left out: they can. */
  readonly uncovered?: string | undefined;
}

export interface PacketSink {
  readonly mode: CaptureMode;
  /** Blocks of pcapng: see runtime/pcapng. */
  readonly write: (captured: CapturedBlocks) => void;
}

export interface RealRunOptions {
  readonly simId: string;
  readonly plan: Plan;
  readonly capsule: Capsule;
  /** The signed pack statement; its subject is `capsule.capsuleHash`. Every node verifies it against `publicKey`. */
  readonly packEnvelope: DsseEnvelope;
  /** The pinned Ed25519 public key, 64 lower-case hex digits. */
  readonly publicKey: string;
  /** Of an upgrade: what nodes run at first, from the store, and whose pack of it they verify; left out: nothing. */
  readonly before?:
    | {
        readonly capsule: Capsule;
        readonly envelope: DsseEnvelope;
        readonly publicKey: string;
      }
    | undefined;
  /** Node id → the Capsule that node is offered instead; its chunks are in the store. */
  readonly drifted: ReadonlyMap<string, Capsule>;
  /** Folder of the workspace's ObjectStore. */
  readonly storeFolder: string;
  /** Created if missing; node folders go to `<runFolder>/nodes/n0` …. The caller removes it. */
  readonly runFolder: string;
  /** Builds of services, shared by nodes and runs of this workspace. */
  readonly buildCacheFolder: string;
  /** What tools that build keep for the next time, such as downloaded packages; outside every repository. */
  readonly toolCacheFolder: string;
  /** What Node.js has compiled of agents and emulator, of any run of this user. */
  readonly compileCacheFolder: string;
  /** Variables that tell builds of a proxy, see vault/proxyVariables. */
  readonly proxy: Readonly<Record<string, string>>;
  /** Bundled entries: dist/agent.cjs, dist/switch.cjs, dist/guard.cjs and dist/door.cjs, beside which dist/door.pl, dist/firstProcess.pl and dist/relay.pl lie; the folder of dist/relay.pl and dist/relay.py; for nodes on other hosts dist/pipes.cjs and dist/keeper.cjs. */
  readonly bundles: Readonly<
    Record<'agent' | 'switch' | 'guard' | 'door' | 'relay' | 'pipes' | 'keeper', string>
  >;
  /** Where nodes may live that the plan puts on other hosts; left out: nowhere else. */
  readonly hosts?: Readonly<Record<string, HostSpec>> | undefined;
  /** The user's own environment, for the programs that reach these hosts. */
  readonly hostEnvironment?: NodeJS.ProcessEnv | undefined;
  /** Called with a sentence before something that a run waits for, and shows nothing of meanwhile; left out: nobody wants to know. */
  readonly onWait?: ((sentence: string) => void) | undefined;
  /** PATH of the host: where the programs of services are looked up, and the value of `${host.path}`. */
  readonly hostPath: string;
  /** Values of the secrets that services name. In memory only: never written, never in an event. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly guard: ProductionGuard;
  readonly cover: Cover;
  /** Keyed, see vault/fingerprint; left out when the values did not come from the vault. */
  readonly envFingerprint?: string;
  /** What evidence says about who ran it: name and version of this product. */
  readonly product: string;
  readonly clock: Clock;
  /** Called for every event, in order, with its line in events.jsonl, without the newline that ends it. */
  readonly sink: (event: MeshEvent, line: string) => void;
  /** Takes what services of different nodes send each other, packet by packet; left out: nobody keeps it. */
  readonly capture?: PacketSink | undefined;
  /** Leads from ports of this machine to services of the run; left out: nothing does. */
  readonly links?: ServiceLinks | undefined;
  /**
   * Called with what was observed while all nodes are still up, which they are until it resolves; left out: nodes are stopped, and
   * what they leave is looked for, before anything is concluded.
   */
  readonly holdUp?: ((observation: RunObservation) => Promise<void>) | undefined;
  /** Not heard while the run is held up. */
  readonly signal: AbortSignal;
}
