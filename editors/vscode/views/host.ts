// The other side: messages to and from the extension, and the state that is kept for the view.

interface Host<State> {
  postMessage(message: unknown): void;
  getState(): State | undefined;
  setState(state: State): void;
}

declare function acquireVsCodeApi<State>(): Host<State>;

export interface Line<To, From, State> {
  state: State;
  send(message: From): void;
  keep(change: Partial<State>): void;
  receive(handle: (message: To) => void): void;
}

export function connect<To, From, State extends object>(initial: State): Line<To, From, State> {
  const host = acquireVsCodeApi<State>();
  const line: Line<To, From, State> = {
    state: { ...initial, ...host.getState() },
    send: (message) => host.postMessage(message),
    keep: (change) => {
      line.state = { ...line.state, ...change };
      host.setState(line.state);
    },
    receive: (handle) => window.addEventListener('message', (event: MessageEvent<To>) => handle(event.data)),
  };
  return line;
}
