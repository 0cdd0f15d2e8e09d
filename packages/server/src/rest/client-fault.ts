import type { Duplex } from 'node:stream';

/** What Node refuses by itself before there is a request, with nothing in the body. The reason is for who reads the answer. */
const FAULTS: Readonly<Record<string, readonly [status: string, why: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'URL and headers are over 16 KiB together; send long values in the body',
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'The chunk extensions are over 16 KiB'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive whole in time'],
};
const MALFORMED = ['400 Bad Request', 'This is no HTTP request that can be read'] as const;

/** Answers what is no request, as JSON with a reason, and closes the connection. */
export function refuseUnreadable(error: Error, socket: Duplex): void {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const [status, why] = FAULTS[code] ?? MALFORMED;
  const body = JSON.stringify({ error: why });
  const head = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
