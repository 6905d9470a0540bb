/** Whether an element is read dark on light or light on dark, by the colour of its text. */
export function schemeOf(element: HTMLElement): 'light' | 'dark' {
  const [red = 0, green = 0, blue = 0] =
    getComputedStyle(element)
      .color.match(/[\d.]+/g)
      ?.map(Number) ?? [];
  return 0.3 * red + 0.59 * green + 0.11 * blue > 128 ? 'dark' : 'light';
}
