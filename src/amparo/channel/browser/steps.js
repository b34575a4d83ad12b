/** The form step by step, for small screens and little time. Nothing of it changes what is sent. */

import { find, findAll, show, text } from "./page.js";

export class Steps {
  /** `changed` is called whenever another step is shown. */
  constructor(form, changed = () => {}) {
    this.steps = findAll("[data-step]", form);
    this.send = find("#send", form);
    this.bar = find("#steps");
    this.changed = changed;
    this.current = 0;
    find("[data-go=back]", this.bar).addEventListener("click", () => this.go(this.current - 1));
    find("[data-go=next]", this.bar).addEventListener("click", () => this.go(this.current + 1));
    find("[data-go=end]", this.bar).addEventListener("click", () => this.go(this.steps.length - 1));
    // Links to a field, as in the list of what is wrong, lead to its step.
    document.addEventListener("click", (event) => {
      const link = event.target.closest && event.target.closest("a[href^='#']");
      if (link) this.showField(link.getAttribute("href").slice(1));
    });
    // What is wrong is looked for in all steps.
    this.show(Math.max(0, this.steps.findIndex((step) => find(".problem", step))));
    show(this.bar);
  }

  /** Show a step, and tell screen readers by its heading where one is now. */
  go(number) {
    this.show(number);
    const heading = find("legend", this.steps[this.current]);
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    this.steps[this.current].scrollIntoView({ block: "start" });
    this.changed();
  }

  show(number) {
    this.current = Math.min(Math.max(number, 0), this.steps.length - 1);
    const isLast = this.current === this.steps.length - 1;
    this.steps.forEach((step, place) => show(step, place === this.current));
    show(this.send, isLast);
    show(find("[data-go=back]", this.bar), this.current > 0);
    show(find("[data-go=next]", this.bar), !isLast);
    show(find("[data-go=end]", this.bar), !isLast);
    find("[data-progress]", this.bar).textContent = text("progress", {
      step: this.current + 1,
      steps: this.steps.length,
    });
  }

  showField(id) {
    const step = this.steps.findIndex((each) => each.id === id || find("#" + CSS.escape(id), each));
    if (step < 0) return;
    this.show(step);
    const field = document.getElementById(id);
    (field.matches("input, textarea, select") ? field : find("input, textarea, select", field) || field).focus();
  }
}
