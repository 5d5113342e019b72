import assert from 'node:assert/strict';
import { writeCapsim } from '../../../src/evidence/capsim.ts';
import { sealRun } from '../../../src/evidence/seal.ts';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import { rehearse } from '../../support/realRun.ts';
import { entryFor, LOG_KEY, proofFor } from '../../support/sealedRun.ts';
import { wireHindrance } from '../../support/talkingService.ts';
import { createTinyProduct, PACKER, type TinyService } from '../../support/tinyProduct.ts';
import { upgradePlan } from '../../support/upgradedProduct.ts';

/** Takes connections until its peer has it step down: then it lives on, and its own node sees nothing of that. */
const STEPS_DOWN = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/step-down') {
    response.on('finish', () => server.close());
    server.closeIdleConnections();
  }
  response.setHeader('Connection', 'close').end('ok');
}).listen(Number(process.env.PORT), '0.0.0.0');
setInterval(() => 0, 1000);
process.on('SIGTERM', () => process.exit(0));
`;

/** The first that is new takes over from all others. */
const TAKES_OVER = `
if (process.env.NODE === 'n0') await fetch('http://door.n1:4000/step-down');
${STEPS_DOWN}`;

function door(server: string): TinyService {
  const entry = { env: { PORT: '${port:http}', NODE: '${node.id}' } };
  return { name: 'door', files: { 'server.mjs': server }, entry };
}

const suite = wireHindrance() === undefined ? describe : describe.skip;

suite(
  'runtime/real: a service that refuses connections while another node is upgraded (needs a TUN device)',
  () => {
    it('fails the upgrade by served-throughout alone, in evidence that verifies', async () => {
      const older = await createTinyProduct([door(STEPS_DOWN)]);
      try {
        const newer = await older.packedAs([door(TAKES_OVER)]);
        const { capsule, packEnvelope: envelope, publicKey } = older;
        const before = { capsule, envelope, publicKey };
        // Between waves long enough for questions, also where a busy machine asks four times less.
        const strategy = { kind: 'rolling', batch: 1, pauseMs: 4_000 } as const;
        const plan = upgradePlan(
          { product: newer, before },
          { strategy, order: 'listed', rollback: 'never', workloadMs: 1_000 },
        );
        const { observation } = await rehearse(newer, plan, { before });
        assert.equal(observation.outcome, 'fail');
        assert.deepEqual(
          observation.upgrade?.waves.map(({ nodes, outcome }) => `${nodes.join()} ${outcome}`),
          ['n0 ok', 'n1 ok'],
        );
        const violated = observation.invariants.filter(({ observed }) => observed === 'violated');
        assert.deepEqual(
          violated.map(({ name }) => name),
          ['served-throughout'],
        );
        assert.match(
          violated[0]?.details ?? '',
          /^n1 refused \d+ of \d+ connections to "door" that others wanted over the wire outside of its own waves\.$/,
        );
        const sealed = sealRun({
          ...{ observation, capsuleHash: newer.capsule.capsuleHash, key: PACKER, before },
          packEnvelope: newer.packEnvelope,
        });
        const capsim = writeCapsim(sealed.envelope, proofFor(entryFor(sealed, PACKER)));
        const report = verifyCapsim(capsim, {
          trustedKeys: [{ publicKey }],
          logKeys: [LOG_KEY],
        });
        assert.equal(report.verdict, 'verified', report.sentence);
      } finally {
        await older.dispose();
      }
    });
  },
);
