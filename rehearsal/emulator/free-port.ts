import { createServer } from 'node:net';
import { Problem } from '../problem';

/**
 * A port of 127.0.0.1 that nobody listens on, chosen by the system.
 *
 * @throws Problem when there is none to be had
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      reject(
        new Problem(
          `No port of 127.0.0.1 is free for the local AWS (${error.message}). End what holds them, or allow this process to listen, and run this again.`,
        ),
      ),
    );
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Problem('The system named no free port.'))));
    });
  });
}
