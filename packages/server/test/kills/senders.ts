import type { ServerProcess } from '../support/server-process.ts';
import type { Ledger } from './ledger.ts';

interface Message {
  readonly group: string;
  readonly random: number;
}

/** Clients that send without a pause, one message after the other each. What was not answered is sent again, with the same `Random`. */
export class Senders {
  readonly #server: ServerProcess;
  readonly #ledger: Ledger;
  readonly #groups: number;
  /** What each sender has under way or has to repeat. */
  readonly #current: Message[];
  #random = 0;

  constructor(
    server: ServerProcess,
    ledger: Ledger,
    size: { readonly groups: number; readonly count: number },
  ) {
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
  async untilDeath(killAfter?: number): Promise<void> {
    const target = this.#ledger.acknowledged + (killAfter ?? Number.POSITIVE_INFINITY);
    let killing: Promise<void> | undefined;
    const loops = this.#current.map(async (_, sender) => {
      while (await this.#send(sender))
        if (this.#ledger.acknowledged >= target) killing ??= this.#server.kill();
    });
    await Promise.all(loops);
    await (killing ?? this.#server.kill());
  }

  /** Sends each message that is open until it is answered, and one more to each group. */
  async finish(): Promise<void> {
    for (const [sender] of this.#current.entries()) await this.#send(sender);
    for (let group = 0; group < this.#groups; group += 1) await this.#send(0);
  }

  /** False when the connection broke: the message may be sent or not. */
  async #send(sender: number): Promise<boolean> {
    const message = this.#current[sender] ?? this.#next();
    const { group, random } = message;
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: `message ${random}` } }];
    const body = { GroupId: group, Random: random, From_Account: 'leckie', MsgBody };
    const answer = await this.#server.call('group_open_http_svc/send_group_msg', body).catch(() => undefined);
    if (answer === undefined) return false;
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
