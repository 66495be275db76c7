/** An event whose default its listeners can prevent, as Electron hands it to them. */
export class PreventableEvent {
  defaultPrevented = false;

  /** Keeps what the event announces from happening. */
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}
