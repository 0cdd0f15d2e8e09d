import { Gauge, type Registry } from 'prom-client';

/** Gauges of this process among the others on its database; absent where there can be no others. */
export function nodeMetrics(registry: Registry): (held: number, nodes: number) => void {
  const makeGauges = () => ({
    held: new Gauge({
      name: 'confab_node_partitions',
      help: 'Partitions of lanes that this node works on.',
      registers: [registry],
    }),
    nodes: new Gauge({
      name: 'confab_nodes',
      help: 'Nodes on this database that live, as this one sees it.',
      registers: [registry],
    }),
  });
  let gauges: ReturnType<typeof makeGauges> | undefined;
  return (held, nodes) => {
    gauges ??= makeGauges();
    gauges.held.set(held);
    gauges.nodes.set(nodes);
  };
}
