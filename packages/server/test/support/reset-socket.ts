import type { Socket } from 'node:net';

/**
 * Sends an RST. `resetAndDestroy()` of a socket whose end is still on its way fails with EINVAL, and Node then never closes the handle: the
 * process spins for ever when it is about to exit. Such a socket is destroyed instead.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
