/** What an account may do, wherever it is. Times in unix seconds. */
export interface AccountStanding {
  /** Its one-to-one messages are refused until then; 0: they are not. */
  readonly c2cMuteUntil: number;
  /** Its messages to groups are refused until then; 0: they are not. */
  readonly groupMuteUntil: number;
  /** UserSigs made before this moment count no more; 0: all do. */
  readonly sigsFrom: number;
}
