// Elements, in one call each. Everything becomes text: nothing that comes from a policy is read as markup.

type Child = Node | string | false | null | undefined;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/** Attributes that begin with `on` are listeners; false, null and undefined leave an attribute out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((c): c is Node | string => c !== false && c !== null && c !== undefined));
  return element;
}

/** What an outcome is shown with besides its word and colour. */
export function sign(result: string): string {
  switch (result) {
    case 'permit': return '✓';
    case 'forbid': return '✕';
    case 'conflict': return '⚡';
    case 'undecided': return '?';
    default: return '';
  }
}

export function outcome(result: string): HTMLElement {
  const known = ['permit', 'forbid', 'conflict', 'undecided'].includes(result);
  const mark = sign(result);
  return h('span', { class: `outcome ${known ? result : 'value'}` }, mark && h('span', { class: 'sign', 'aria-hidden': 'true' }, mark), result);
}

/** Waits until nothing more comes for a moment. */
export function later(milliseconds: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds);
  };
}
