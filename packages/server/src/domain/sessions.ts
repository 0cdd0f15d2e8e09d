/** What accounts have open at this process. */
export interface Sessions {
  /** The account has to show a new UserSig. */
  end(app: number, userId: string): void;
}
