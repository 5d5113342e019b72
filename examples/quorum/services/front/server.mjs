import { createServer } from 'node:http';

const { PORT, LEDGER_URL } = process.env;

/** Passes bookings on; as healthy as the ledger is, which runs on another node. */
const server = createServer(async (request, response) => {
  try {
    const isBooking = request.method === 'POST';
    const answer = await fetch(`${LEDGER_URL}${isBooking ? '/bookings' : '/healthz'}`, {
      signal: AbortSignal.timeout(1_900),
      ...(isBooking ? { method: 'POST', body: await bodyOf(request) } : {}),
    });
    response.statusCode = answer.status;
  } catch {
    response.statusCode = 503;
  }
  response.end();
});

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

server.listen(Number(PORT), '0.0.0.0');
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
