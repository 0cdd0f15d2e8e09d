import { type Answered, type CheckResult, compileCheck, type ErrorName } from '@confab-im/protocol';
import type { Static, TObject, TSchema } from 'typebox';
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

/** What a command does, and the shapes of what it takes and gives. */
export interface RestHandler {
  /** The shape of its request: what the check is compiled from and what /openapi.json says. */
  readonly schema: TSchema;
  /** The fields of its answer beside the envelope, for /openapi.json and tests: nothing is checked with it here. */
  readonly answer: TObject;
  readonly check: (value: unknown) => CheckResult<unknown>;
  /** Integers that JavaScript's numbers cannot hold come as their digits. */
  readonly exactIntegers: boolean;
  readonly run: (deps: ServiceDeps, caller: Caller, checked: unknown) => Promise<object | Refusal>;
}

/** A row of the table of routes: where a handler is called. */
export interface RestCommand extends RestHandler {
  readonly service: RestService;
  readonly name: string;
}

/** Ties the schemas to a function of their types: what passed the check is what it gets, what it gives is what the answer has. */
export function handler<S extends TSchema, A extends TObject>(
  schema: S,
  answer: A,
  handle: (deps: ServiceDeps, caller: Caller, request: Static<S>) => Promise<Answered<A> | Refusal>,
  { exactIntegers = false }: Partial<Pick<RestHandler, 'exactIntegers'>> = {},
): RestHandler {
  return {
    schema,
    answer,
    check: compileCheck(schema),
    exactIntegers,
    run: (deps, caller, checked) => handle(deps, caller, checked as Static<S>),
  };
}

/** A row: the handler answers at `/v4/{service}/{name}`. */
export function restCommand(service: RestService, name: string, answeredBy: RestHandler): RestCommand {
  return { service, name, ...answeredBy };
}
