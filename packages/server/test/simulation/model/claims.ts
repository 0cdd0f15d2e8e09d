import type { Request } from '../request.ts';

/** A receiver stands before what it was sent, and this is the first time that the sender hears of such a thing in the lane. */
export interface Owed {
  readonly request: Request;
  readonly through: number;
  readonly wasEntombed: boolean;
}

interface Claim {
  readonly generation: number;
  readonly after: number;
  through: number;
}

/** What a receiver said to have of a lane though it was not sent, by the store generation of the process that heard it. */
export class Claims {
  #claims: Claim[] = [];

  /** The process was told that the receiver has what lies behind `after`, through `through`. */
  heard(generation: number, after: number, through: number): void {
    this.#claims.push({ generation, after, through });
  }

  /** A process that begins an event did not go forward over it: for it the claim ends before. */
  begun(generation: number, seq: number): void {
    if (this.#claims.length === 0) return;
    for (const claim of this.#claims)
      if (claim.generation === generation) claim.through = Math.min(claim.through, seq - 1);
    this.#claims = this.#claims.filter(({ after, through }) => through > after);
  }

  /** May this process leave the event out? One that lost the store may, too, though its successor was told nothing. */
  covers(generation: number, seq: number): boolean {
    return this.#claims.some(
      (claim) => claim.generation === generation && claim.after < seq && seq <= claim.through,
    );
  }
}
