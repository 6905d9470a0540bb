import type { Node } from './node.ts';

/** The nodes that some roots are made of, each after its own. */
export function inOrder(roots: readonly Node[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<number>();
  const visit = (node: Node): void => {
    if (seen.has(node.id)) return;
    seen.add(node.id);
    node.args.forEach(visit);
    order.push(node);
  };
  roots.forEach(visit);
  return order;
}
