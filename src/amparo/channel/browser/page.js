/** What the page says and shows: its texts come translated from the server, in elements of `template#seal-texts`. */

export const find = (selector, within = document) => within.querySelector(selector);
export const findAll = (selector, within = document) => Array.from(within.querySelectorAll(selector));

/** The text `name` in the language of the page, with each `{place}` filled from `filling`. */
export function text(name, filling = {}) {
  const template = find("#seal-texts");
  const said = template && find(`[data-text="${name}"]`, template.content);
  return (said ? said.textContent.trim() : "").replace(/\{(\w+)\}/g, (whole, place) =>
    place in filling ? filling[place] : whole,
  );
}

export function show(element, visible = true) {
  if (element) element.hidden = !visible;
}

/** A line in which the page says how sending goes: read out by screen readers, and marked where something is wrong. */
export class State {
  constructor(element) {
    this.element = element;
    this.words = find("[data-words]", element);
    this.bar = find("progress", element);
  }

  say(words, { wrong = false, share = null } = {}) {
    show(this.element);
    this.element.classList.toggle("notice-error", wrong);
    if (this.words.textContent !== words) this.words.textContent = words;
    show(this.bar, share !== null);
    if (share !== null) this.bar.value = share;
  }

  silence() {
    show(this.element, false);
    this.words.textContent = "";
  }
}
