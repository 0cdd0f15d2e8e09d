import type { Ledger } from './ledger.ts';

/** Who takes requests. A call rejects when nobody answers it. */
export interface Target {
  call(command: string, body: object): Promise<Record<string, unknown>>;
}

interface Message {
  readonly group: string;
  readonly random: number;
}

/** The store is away; the message may be sent again (docs/errors.md). */
const AWAY = 10_002;

/** Clients that send without a pause, one message after the other each. What was not answered is sent again, with the same `Random`. */
export class Senders {
  readonly #server: Target;
  readonly #ledger: Ledger;
  readonly #groups: number;
  /** What each sender has under way or has to repeat. */
  readonly #current: Message[];
  #random = 0;

  constructor(server: Target, ledger: Ledger, size: { readonly groups: number; readonly count: number }) {
    this.#server = server;
    this.#ledger = ledger;
    this.#groups = size.groups;
    this.#current = Array.from({ length: size.count }, () => this.#next());
  }

  async createGroups(): Promise<void> {
    await this.#server.call('im_open_login_svc/account_import', { UserID: 'leckie' });
    for (let group = 0; group < this.#groups; group += 1) {
      const GroupId = `g${group}`;
      await this.#server.call('group_open_http_svc/create_group', { Type: 'Public', Name: 'g', GroupId });
    }
  }

  /** Sends until the process is dead: by its own hand, or killed once so many more are acknowledged. */
  async untilDeath(kill: () => Promise<void>, killAfter?: number): Promise<void> {
    const target = this.#ledger.acknowledged + (killAfter ?? Number.POSITIVE_INFINITY);
    let killing: Promise<void> | undefined;
    const loops = this.#current.map(async (_, sender) => {
      while (await this.#send(sender)) if (this.#ledger.acknowledged >= target) killing ??= kill();
    });
    await Promise.all(loops);
    await (killing ?? kill());
  }

  /** Sends whatever happens, each sender one message after the other, until it is over. */
  async until(isOver: () => boolean): Promise<void> {
    const loops = this.#current.map(async (_, sender) => {
      while (!isOver()) await this.#send(sender);
    });
    await Promise.all(loops);
  }

  /** Sends each message that is open until it is answered, and one more to each group. */
  async finish(): Promise<void> {
    for (const [sender] of this.#current.entries()) while (!(await this.#send(sender)));
    for (let group = 0; group < this.#groups; group += 1) while (!(await this.#send(0)));
  }

  /** False when the connection broke, or the store was away: the message may be sent or not. */
  async #send(sender: number): Promise<boolean> {
    const message = this.#current[sender] ?? this.#next();
    const { group, random } = message;
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: `message ${random}` } }];
    const body = { GroupId: group, Random: random, From_Account: 'leckie', MsgBody };
    const answer = await this.#server.call('group_open_http_svc/send_group_msg', body).catch(() => undefined);
    if (answer === undefined || answer.ErrorCode === AWAY) return false;
    if (answer.ErrorCode !== 0) throw new Error(`a send was refused: ${answer.ErrorInfo}`);
    this.#ledger.acknowledge({ group, random, msgSeq: Number(answer.MsgSeq) });
    this.#current[sender] = this.#next();
    return true;
  }

  #next(): Message {
    this.#random += 1;
    return { group: `g${this.#random % this.#groups}`, random: this.#random };
  }
}
