import { type CheckResult, compileCheck, type ErrorName } from '@confab-im/protocol';
import type { Static, TSchema } from 'typebox';
import type { Refusal } from '../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../service/caller.ts';

/** One service of the REST API, the first part of a path, and the codes by which it complains. */
export interface RestService {
  readonly name: string;
  readonly badJson: ErrorName;
  readonly badField: ErrorName;
  /** Fields whose faults have a code of their own. */
  readonly fieldFaults: readonly FieldFault[];
}

export interface FieldFault {
  /** First part of the field's path. */
  readonly field: string;
  /** What the value is when this fault applies: a text that does not fit, a list that is too long, no list at all, or whatever. */
  readonly when: 'text' | 'list' | 'no-list' | 'any';
  readonly error: ErrorName;
}

/** A row of the table of routes: a command, the check of its request, and its handler. */
export interface RestCommand {
  readonly service: RestService;
  readonly name: string;
  /** The shape of its request: what the check is compiled from and what /openapi.json says. */
  readonly schema: TSchema;
  readonly check: (value: unknown) => CheckResult<unknown>;
  /** Integers that JavaScript's numbers cannot hold come as their digits. */
  readonly exactIntegers: boolean;
  readonly run: (deps: ServiceDeps, caller: Caller, checked: unknown) => Promise<object | Refusal>;
}

/** Ties a schema to the handler of its type: what passed the check is what the handler gets. */
export function restCommand<S extends TSchema>(
  service: RestService,
  name: string,
  schema: S,
  handle: (deps: ServiceDeps, caller: Caller, request: Static<S>) => Promise<object | Refusal>,
  { exactIntegers = false }: Partial<Pick<RestCommand, 'exactIntegers'>> = {},
): RestCommand {
  return {
    service,
    name,
    schema,
    check: compileCheck(schema),
    exactIntegers,
    run: (deps, caller, checked) => handle(deps, caller, checked as Static<S>),
  };
}
