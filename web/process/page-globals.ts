/** Plot looks at the page's pixel density when it is loaded, and draws half a pixel aside without one: import this before it. */
Object.assign(globalThis, { window: { devicePixelRatio: 1 } });
