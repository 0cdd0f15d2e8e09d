import Type, { type TSchema } from 'typebox';

/** What a schema describes, for reading: nobody writes into an answer. */
export type Answered<S extends TSchema> = Frozen<Type.Static<S>>;

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** The answer of a command that has nothing to say but that it is done. */
export const NoFields = Type.Object({});

export const list = <S extends TSchema>(item: S, description: string) => Type.Array(item, { description });

export const text = (description: string) => Type.String({ description });

export const count = (description: string) => Type.Integer({ minimum: 0, description });

/** A point in time; 4294967295, where it is the end of something, is for ever. */
export const seconds = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description}, unix seconds` });

/** What became of one part of a request; the call itself has succeeded. */
export const codeOf = (description: string) => Type.Integer({ minimum: 0, description });

export const oneOrZero = (description: string) => Type.Enum([0, 1], { description });

/** A switch that is written as a text. */
export const onOrOff = (description: string) => Type.Enum(['On', 'Off'], { description });
