import '../../src/gpu/symbol-dispose.ts';
import { Engine } from './engine.ts';
import type { Command, Message } from './protocol.ts';

/** What is used of a worker's scope, which the DOM's types do not have. */
interface WorkerScope {
  navigator: { gpu?: GPU };
  postMessage: (message: Message, transfer: Transferable[]) => void;
  addEventListener: (type: 'message', listener: (event: MessageEvent<Command>) => void) => void;
}

const scope = self as unknown as WorkerScope;
const engine = new Engine(scope.navigator.gpu, (message, transfer = []) =>
  scope.postMessage(message, transfer),
);
scope.addEventListener('message', ({ data }) => engine.receive(data));
void engine.start();
