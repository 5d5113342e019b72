import * as z from 'zod/mini';
import type { ErrorCode } from '../base/errors.ts';
import { PCAPNG_MEDIA_TYPE } from '../model/captureMode.ts';
import * as model from '../model/api.ts';
import * as links from '../model/linksApi.ts';
import { machineSchema } from '../model/machineApi.ts';
import { BUNDLE_MEDIA_TYPE } from '../model/evidence.ts';
import * as deploy from '../model/deployApi.ts';
import { eventSchema } from '../model/events.ts';
import * as explorations from '../model/explorationApi.ts';
import { simIdSchema } from '../model/names.ts';
import { runComparisonSchema } from '../model/runComparison.ts';
import * as provenance from '../model/provenanceApi.ts';
import type { Operation, Parameter } from './operation.ts';

/** Every route can answer these: see doorkeeper.ts. */
export const DOOR_ERRORS: readonly ErrorCode[] = ['token-missing', 'request-foreign', 'internal'];
const START_ERRORS: readonly ErrorCode[] = [
  ...(['workspace-untrusted', 'signer-untrusted', 'run-busy', 'ledger-broken'] as const),
  ...(['plan-invalid', 'secret-missing', 'program-missing', 'unknown-commit'] as const),
  ...(['interrupted', 'disk-failed', 'key-unreadable'] as const),
];
const EVIDENCE_ERRORS: readonly ErrorCode[] = [
  ...(['run-unknown', 'run-unfinished', 'evidence-invalid', 'ledger-broken'] as const),
];
const DEPLOY_ERRORS: readonly ErrorCode[] = [
  ...(['request-invalid', 'body-too-large', 'workspace-untrusted', 'environment-unknown'] as const),
  ...(['environments-invalid', 'deploy-busy', 'deploy-failed', 'gate-refused'] as const),
  ...(['ledger-broken', 'disk-failed'] as const),
];
const GRAPH_ERRORS: readonly ErrorCode[] = [
  ...(['request-invalid', 'capsule-unknown', 'capsule-ambiguous', 'ledger-broken'] as const),
];
const PLACE: Parameter = {
  name: 'Last-Event-ID',
  in: 'header',
  description:
    'where a client that was here before goes on; also as the query parameter lastEventId',
  schema: z.string(),
};
const TOKEN: Parameter = {
  name: 'token',
  in: 'query',
  description: 'the token, for EventSource, which cannot send headers',
  schema: z.string(),
};
const pageParameter = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema: z.int().check(z.minimum(0)),
});
const comparedParameter = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  required: true,
  description: `${description}: its simId, or the first 4 characters of it or more`,
  schema: z.string(),
});

const CAPSULE: Parameter = {
  name: 'capsule',
  in: 'query',
  description: 'a Capsule hash or its first 4 hex digits',
  schema: z.string(),
};
const GRAPH_PARAMETERS: readonly Parameter[] = [
  CAPSULE,
  pageParameter('before', 'what was recorded before this ledger index'),
  pageParameter('limit', 'entries to draw, 1 to 1000; default 40'),
];

/** "METHOD path" → what it does, takes and answers. A test holds it against the routes that exist. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /api/mesh-sim/start': {
    summary: 'Start a simulation of a Capsule',
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description: 'a repeated request with the same key gets the first answer',
        schema: z.string(),
      },
    ],
    body: model.startRequestSchema,
    status: 202,
    answer: model.startedSchema,
    errors: [
      ...START_ERRORS,
      ...(['request-invalid', 'body-too-large', 'idempotency-conflict'] as const),
      ...(['capsule-unknown', 'capsule-ambiguous', 'run-unknown'] as const),
    ],
  },
  'GET /api/mesh-sim/events': {
    summary: 'Follow a run: live, of another process, or recorded',
    parameters: [
      {
        name: 'simId',
        in: 'query',
        required: true,
        description: 'the run to follow',
        schema: simIdSchema,
      },
      PLACE,
      TOKEN,
    ],
    status: 200,
    answer: eventSchema,
    media: 'text/event-stream',
    errors: ['run-unknown', 'evidence-invalid', 'ledger-broken'],
  },
  'POST /api/mesh-sim/record': {
    summary: 'Seal a run, or return how it was sealed',
    body: model.recordRequestSchema,
    status: 200,
    answer: model.recordedSchema,
    errors: [
      ...EVIDENCE_ERRORS,
      ...(['request-invalid', 'body-too-large', 'result-differs', 'workspace-untrusted'] as const),
    ],
  },
  'GET /api/mesh-sim/result/{simId}': {
    summary: 'The signed artifact; with .capsim after the simId as a download',
    status: 200,
    media: BUNDLE_MEDIA_TYPE,
    errors: EVIDENCE_ERRORS,
  },
  'GET /api/mesh-sim/compare': {
    summary: 'Two sealed runs side by side; what is not verified or not here is not compared',
    parameters: [
      comparedParameter('a', 'the run that the other is held against'),
      comparedParameter('b', 'the other run'),
    ],
    status: 200,
    answer: runComparisonSchema,
    errors: [...EVIDENCE_ERRORS, 'usage'],
  },
  'GET /api/mesh-sim/{simId}/evidence': {
    summary: 'The artifact verified, step by step',
    status: 200,
    answer: model.evidenceSchema,
    errors: EVIDENCE_ERRORS,
  },
  'GET /api/mesh-sim/{simId}/pcap': {
    summary: 'The packets between services that the run kept, as pcapng',
    status: 200,
    media: PCAPNG_MEDIA_TYPE,
    errors: ['run-unknown', 'usage', 'capture-missing', 'plan-invalid', 'ledger-broken'],
  },
  'GET /api/mesh-sim/{simId}/links': {
    summary: 'Ports of services of a run that goes on or is held up, and where they were opened',
    status: 200,
    answer: links.linkListSchema,
    errors: ['run-unknown'],
  },
  'POST /api/mesh-sim/{simId}/links': {
    summary: 'Lead a port of this machine to a service of a node',
    body: links.linkRequestSchema,
    status: 200,
    answer: links.openedLinkSchema,
    errors: [
      ...(['run-unknown', 'usage', 'service-failed'] as const),
      ...(['request-invalid', 'body-too-large', 'workspace-untrusted'] as const),
    ],
  },
  'POST /api/mesh-sim/{simId}/end': {
    summary: 'Stop the nodes of a run that is held up',
    status: 202,
    answer: links.endingSchema,
    errors: ['run-unknown', 'workspace-untrusted'],
  },
  'POST /api/mesh-sim/{simId}/cancel': {
    summary: 'Stop a run; nothing is sealed',
    status: 202,
    answer: model.cancelledSchema,
    errors: ['run-unknown', 'run-elsewhere', 'workspace-untrusted'],
  },
  'POST /api/mesh-sim/{simId}/replay': {
    summary: 'Start the plan of a sealed run again',
    status: 202,
    answer: model.startedSchema,
    errors: [...START_ERRORS, ...EVIDENCE_ERRORS, 'capsule-unknown'],
  },
  'GET /api/health': { summary: 'Who answers', status: 200, answer: model.healthSchema },
  'GET /api/workspace': {
    summary: 'The workspace as it is now',
    status: 200,
    answer: model.workspaceStateSchema,
  },
  'GET /api/machine': {
    summary: 'What the machine that runs nodes does not give them, as faults take it',
    status: 200,
    answer: machineSchema,
    errors: ['environments-invalid', 'disk-failed'],
  },
  'GET /api/workspace/events': {
    summary: 'What changes in the workspace, by this process or another',
    parameters: [TOKEN],
    status: 200,
    answer: model.noticeSchema,
    media: 'text/event-stream',
  },
  'GET /api/provenance': {
    summary: 'The timeline, newest first, and the audit of the ledger',
    parameters: [
      pageParameter('before', 'rows of entries before this ledger index'),
      pageParameter('limit', 'rows to return, 1 to 200; default 50'),
    ],
    status: 200,
    answer: provenance.provenancePageSchema,
    errors: ['request-invalid'],
  },
  'GET /api/provenance/graph': {
    summary: 'The chain of trust',
    parameters: GRAPH_PARAMETERS,
    status: 200,
    answer: provenance.provenanceGraphSchema,
    errors: GRAPH_ERRORS,
  },
  'GET /api/provenance/graph.svg': {
    summary: 'The chain of trust as a drawing',
    parameters: GRAPH_PARAMETERS,
    status: 200,
    media: 'image/svg+xml',
    errors: GRAPH_ERRORS,
  },
  'GET /api/environments': {
    summary: 'Environments; with ?capsule= what each gate would say of it, and all reasons',
    parameters: [CAPSULE],
    status: 200,
    answer: deploy.environmentListSchema,
    errors: ['environments-invalid', 'capsule-unknown', 'capsule-ambiguous', 'ledger-broken'],
  },
  'POST /api/deploy': {
    summary: 'Deploy a Capsule, if the gate lets it',
    body: deploy.deployRequestSchema,
    status: 202,
    answer: deploy.deployStartedSchema,
    errors: [...DEPLOY_ERRORS, 'capsule-unknown', 'capsule-ambiguous'],
  },
  'POST /api/deploy/rollback': {
    summary: 'Go back to a Capsule that was deployed before',
    body: deploy.rollbackRequestSchema,
    status: 202,
    answer: deploy.deployStartedSchema,
    errors: DEPLOY_ERRORS,
  },
  'GET /api/deploy/{deployId}/events': {
    summary: 'Follow a deploy',
    parameters: [PLACE, TOKEN],
    status: 200,
    answer: deploy.deployEventSchema,
    media: 'text/event-stream',
    errors: ['deploy-unknown'],
  },
  'POST /api/deploy/{deployId}/cancel': {
    summary: 'Cancel a deploy; what was active before stays active',
    status: 202,
    answer: deploy.deployCancelledSchema,
    errors: ['deploy-unknown', 'workspace-untrusted'],
  },
  'GET /api/explorations': {
    summary: 'Explorations on real nodes as they were written, newest first',
    status: 200,
    answer: explorations.explorationListSchema,
  },
  'GET /api/explorations/{id}': {
    summary: 'An exploration, each of its rows held against the sealed evidence of its run',
    status: 200,
    answer: explorations.checkedExplorationSchema,
    errors: ['exploration-unknown'],
  },
  'GET /api/capsules': { summary: 'Packed Capsules', status: 200, answer: model.capsuleListSchema },
  'POST /api/capsules': {
    summary: 'Pack the workspace into a Capsule',
    body: model.packRequestSchema,
    status: 201,
    answer: model.packedSchema,
    errors: [
      ...(['request-invalid', 'workspace-untrusted', 'body-too-large', 'interrupted'] as const),
      ...(['registry-invalid', 'not-a-repository', 'dirty-tree', 'unknown-commit'] as const),
      ...(['path-outside', 'git-failed', 'capsule-unsafe', 'ledger-broken'] as const),
      ...(['ledger-locked', 'disk-failed'] as const),
    ],
  },
  'POST /api/verify': {
    summary: 'Verify a .capsim from anywhere',
    body: 'application/octet-stream',
    status: 200,
    answer: model.evidenceSchema,
    errors: ['evidence-too-large'],
  },
};
