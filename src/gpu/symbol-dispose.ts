/** Browsers that have WebGPU but not yet explicit resource management lack the symbol itself; import this first. */
(Symbol as { dispose?: symbol }).dispose ??= Symbol.for('Symbol.dispose');

export {};
