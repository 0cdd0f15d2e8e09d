import type { Request } from '../request.ts';

export function requestName({ process, endpoint, streamId, events, replay }: Request): string {
  const again = replay ? ' again' : '';
  const names = events.map(
    ({ seq, prev, tombstone }) =>
      `${tombstone ? 'tombstone ' : ''}${seq}${prev === undefined ? '' : `<${prev}`}`,
  );
  return `${process.generation}: event ${names.join(' ')} of g${streamId} to "${endpoint.settings.name}"${again}`;
}

/** Long lists of facts are cut: a trace is for people. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value ?? null, (key, inner) =>
    key === 'message' || key === 'settings' || key === 'msgBodyJson' ? undefined : inner,
  );
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
