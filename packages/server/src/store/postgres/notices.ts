import type { Notice } from '../cluster.ts';

/** PostgreSQL takes less than 8,000 bytes. */
const LONGEST = 7_500;

/** As text for NOTIFY. What would be too long says only that there is something. */
export function writeNotice(from: string, notice: Notice): string {
  const text = JSON.stringify({ from, ...notice });
  return Buffer.byteLength(text) <= LONGEST ? text : JSON.stringify({ from, kind: 'all-lanes' });
}

/** Undefined: it is the node's own, or none that this version understands. */
export function readNotice(self: string, text: string): Notice | undefined {
  const told = parsed(text);
  if (told === undefined || told.from === self) return undefined;
  switch (told.kind) {
    case 'all-lanes':
    case 'endpoints':
    case 'leases':
      return { kind: told.kind };
    case 'lanes':
      return Array.isArray(told.lanes) && told.lanes.every(isLanes)
        ? { kind: 'lanes', lanes: told.lanes }
        : undefined;
    default:
      return undefined;
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function isLanes(value: unknown): value is { streamId: number; endpoints: number[] } {
  if (typeof value !== 'object' || value === null) return false;
  const { streamId, endpoints } = value as { streamId?: unknown; endpoints?: unknown };
  return Number.isSafeInteger(streamId) && Array.isArray(endpoints) && endpoints.every(Number.isSafeInteger);
}
