// Whether the ports of an instance are free: wrangler would silently take another one.
import { createServer } from 'node:net';

/** Resolves when every port can be bound on loopback. @throws Error that says what to do */
export async function requireFreePorts(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    if (!(await isFree(port))) {
      throw new Error(
        `port ${port} is in use: stop what listens there (an \`npm start\` that still runs?), ` +
          'or choose another with `npm start -- --port P`',
      );
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
