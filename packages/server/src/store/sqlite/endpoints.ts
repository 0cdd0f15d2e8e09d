import type { DatabaseSync } from 'node:sqlite';
import { type Endpoint, type EndpointSettings, wants, withLaterSettings } from '../../domain/endpoint.ts';
import type { EventKind } from '../../domain/event-kinds.ts';
import { overwriting } from './reseal.ts';
import type { Sealer } from './sealer.ts';
import { statement } from './statement.ts';

interface EndpointRow {
  id: number;
  app: number;
  name: string;
  source: 'config' | 'api';
  pause_reason: 'operator' | 'not-in-config' | null;
  version: number;
  created_at: number;
  deleted_at: number | null;
  starting: number;
  settings: string;
}

/** `deletedAt` in unix ms. */
export interface DeletedEndpoint {
  readonly endpoint: Endpoint;
  readonly deletedAt: number;
}

/** Of an endpoint that an earlier version deleted. */
export const NO_SETTINGS = '{}';

const ENDPOINTS = `SELECT e.*, EXISTS (SELECT 1 FROM job j
  WHERE j.finished_at IS NULL AND j.kind = 'start' AND j.endpoint_id = e.id) AS starting FROM endpoint e ORDER BY id`;

/** Endpoints are few: all of them stay in memory, with the sets of them that events were matched to. */
export class Endpoints {
  readonly #db: DatabaseSync;
  readonly #sealer: Sealer;
  readonly #insert;
  readonly #update;
  readonly #setPaused;
  readonly #markDeleted;
  readonly #insertAudience;
  /** By id. Decrypting and parsing settings is most of what `load` costs, and a change leaves nearly all of them as they were. */
  readonly #read = new Map<number, { readonly text: string; readonly settings: EndpointSettings }>();
  #byId = new Map<number, Endpoint>();
  #byApp = new Map<number, Endpoint[]>();
  #audiences = new Map<number, ReadonlySet<number>>();
  #audienceIds = new Map<string, number>();
  #names = new Map<number, string>();
  #deleted: readonly DeletedEndpoint[] = [];

  constructor(db: DatabaseSync, sealer: Sealer) {
    this.#db = db;
    this.#sealer = sealer;
    this.#insert = statement(db, 'INSERT INTO endpoint VALUES (NULL, ?, ?, ?, NULL, 1, ?, NULL, ?)');
    this.#update = statement(
      db,
      'UPDATE endpoint SET settings = ?, source = ?, pause_reason = ?, version = version + 1 WHERE id = ?',
    );
    this.#setPaused = statement(db, 'UPDATE endpoint SET pause_reason = ? WHERE id = ?');
    this.#markDeleted = statement(db, 'UPDATE endpoint SET deleted_at = ?, settings = ? WHERE id = ?');
    this.#insertAudience = statement(db, 'INSERT INTO audience (endpoints) VALUES (?)');
    this.load();
  }

  /** Reads everything again: at the start, after a change, and after a batch was rolled back. */
  load(): void {
    const rows = statement<EndpointRow>(this.#db, ENDPOINTS).all();
    this.#names = new Map(rows.map((row) => [row.id, row.name]));
    const live = rows.filter((row) => row.deleted_at === null).map((row) => this.#endpointOf(row));
    this.#deleted = rows.flatMap((row) =>
      row.deleted_at === null || row.settings === NO_SETTINGS
        ? []
        : [{ endpoint: this.#endpointOf(row), deletedAt: row.deleted_at }],
    );
    this.#byId = new Map(live.map((endpoint) => [endpoint.id, endpoint]));
    this.#byApp = Map.groupBy(live, (endpoint) => endpoint.app);
    const audiences = statement<{ id: number; endpoints: string }>(this.#db, 'SELECT * FROM audience').all();
    this.#audiences = new Map(
      audiences.map((row) => [row.id, new Set(JSON.parse(row.endpoints) as number[])]),
    );
    this.#audienceIds = new Map(audiences.map((row) => [row.endpoints, row.id]));
  }

  all(): readonly Endpoint[] {
    return [...this.#byId.values()];
  }

  ofApp(app: number): readonly Endpoint[] {
    return this.#byApp.get(app) ?? [];
  }

  get(id: number): Endpoint | undefined {
    return this.#byId.get(id);
  }

  byName(app: number, name: string): Endpoint | undefined {
    return this.ofApp(app).find((endpoint) => endpoint.settings.name === name);
  }

  deletedOf(app: number): readonly DeletedEndpoint[] {
    return this.#deleted.filter(({ endpoint }) => endpoint.app === app);
  }

  /** App and settings, also of a deleted endpoint; what could be a secret is gone from the latter. */
  known(id: number): Pick<Endpoint, 'app' | 'settings'> | undefined {
    return this.#byId.get(id) ?? this.#deleted.find(({ endpoint }) => endpoint.id === id)?.endpoint;
  }

  /** Also of a deleted endpoint. */
  nameOf(id: number): string {
    return this.#names.get(id) ?? `#${id}`;
  }

  /** The endpoints that want this event now, paused ones included: a pause holds the cursor, it loses nothing. */
  matching(app: number, kind: EventKind, groupId: string): readonly Endpoint[] {
    return this.ofApp(app).filter((endpoint) => wants(endpoint.settings, kind, groupId));
  }

  /** The number that stands for this set of endpoints in the log; 0 for none. */
  audienceOf(endpoints: readonly Endpoint[]): number {
    if (endpoints.length === 0) return 0;
    const key = JSON.stringify(endpoints.map((endpoint) => endpoint.id));
    const known = this.#audienceIds.get(key);
    if (known !== undefined) return known;
    const id = this.#insertAudience.insert(key);
    this.#audienceIds.set(key, id);
    this.#audiences.set(id, new Set(endpoints.map((endpoint) => endpoint.id)));
    return id;
  }

  audienceHas(audience: number, endpointId: number): boolean {
    return this.#audiences.get(audience)?.has(endpointId) ?? false;
  }

  insert(app: number, settings: EndpointSettings, source: 'config' | 'api', now: number): number {
    const sealed = this.#sealer.seal(JSON.stringify(settings), { app, name: settings.name });
    const id = this.#insert.insert(app, settings.name, source, now, sealed);
    this.load();
    return id;
  }

  update(
    id: number,
    settings: EndpointSettings,
    source: 'config' | 'api',
    pauseReason: Endpoint['pauseReason'] | null,
  ): void {
    const app = this.#byId.get(id)?.app ?? 0;
    const sealed = this.#sealer.seal(JSON.stringify(settings), { app, name: settings.name });
    overwriting(this.#db, () => this.#update.run(sealed, source, pauseReason ?? null, id));
    this.load();
  }

  setPaused(id: number, reason: Endpoint['pauseReason'] | null): void {
    overwriting(this.#db, () => this.#setPaused.run(reason ?? null, id));
    this.load();
  }

  /** What may hold a secret goes with it; the rest stays, to explain what it was sent. */
  delete(id: number, now: number): void {
    const kept = withoutSecrets(this.#byId.get(id)?.settings);
    overwriting(this.#db, () => this.#markDeleted.run(now, JSON.stringify(kept), id));
    this.load();
  }

  #endpointOf(row: EndpointRow): Endpoint {
    return {
      id: row.id,
      app: row.app,
      source: row.source,
      paused: row.pause_reason !== null,
      ...(row.pause_reason === null ? {} : { pauseReason: row.pause_reason }),
      version: row.version,
      createdAt: row.created_at,
      starting: row.starting === 1,
      settings: this.#settingsOf(row),
    };
  }

  #settingsOf(row: EndpointRow): EndpointSettings {
    const known = this.#read.get(row.id);
    if (known?.text === row.settings) return known.settings;
    const { text } = this.#sealer.open(row.settings, row);
    const settings = withLaterSettings(JSON.parse(text) as EndpointSettings);
    this.#read.set(row.id, { text: row.settings, settings });
    return settings;
  }
}

/** URLs may carry secrets in their query. */
export function withoutSecrets(settings: EndpointSettings | undefined): EndpointSettings | object {
  if (settings === undefined) return {};
  const { authToken: _token, signingKeys: _keys, tls: _tls, ...rest } = settings;
  return { ...rest, url: new URL(rest.url).origin, headers: {} };
}
