/** The one line for all inputs, first come first served; an event may leave it anywhere and return to its old place. */
import { Ticket } from './ticket';

export class WaitingLine {
  public length = 0;
  public bytes = 0;
  /** Number of events that take a pod for themselves. */
  public alone = 0;
  public first: Ticket | undefined;
  private last: Ticket | undefined;

  public all(): Ticket[] {
    const list: Ticket[] = [];
    for (let at = this.first; at !== undefined; at = at.next) list.push(at);
    return list;
  }

  public push(ticket: Ticket): void {
    this.insertAfter(ticket, this.last);
  }

  /** Puts it back where it would be if it had never left. */
  public requeue(ticket: Ticket): void {
    let before: Ticket | undefined;
    for (let at = this.first; at !== undefined && at.order < ticket.order; at = at.next) before = at;
    this.insertAfter(ticket, before);
  }

  public remove(ticket: Ticket): void {
    if (!ticket.inLine) return;
    if (ticket.previous) ticket.previous.next = ticket.next;
    else this.first = ticket.next;
    if (ticket.next) ticket.next.previous = ticket.previous;
    else this.last = ticket.previous;
    ticket.next = ticket.previous = undefined;
    ticket.inLine = false;
    this.length--;
    this.bytes -= ticket.bytes;
    if (ticket.alone) this.alone--;
  }

  private insertAfter(ticket: Ticket, before: Ticket | undefined): void {
    const after = before === undefined ? this.first : before.next;
    ticket.previous = before;
    ticket.next = after;
    if (before) before.next = ticket;
    else this.first = ticket;
    if (after) after.previous = ticket;
    else this.last = ticket;
    ticket.inLine = true;
    this.length++;
    this.bytes += ticket.bytes;
    if (ticket.alone) this.alone++;
  }
}
