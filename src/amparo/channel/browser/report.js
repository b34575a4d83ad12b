/** The form of a report: step by step, kept while it is written, sealed here and sent until it has arrived. */

import { readAnswers, readInClear } from "./answers.js";
import { Draft } from "./draft.js";
import { find, findAll, show, State, text } from "./page.js";
import { canSeal, NotReadable, readPublicKeys, sealFields, sealFiles } from "./sealing.js";
import { Refused, Sending } from "./sending.js";
import { Steps } from "./steps.js";

export async function startReport(form) {
  if (await canSeal(form.dataset.publicKey)) await new Report(form).start();
}

class Report {
  constructor(form) {
    this.form = form;
    this.state = new State(find("#seal-state"));
    this.draft = new Draft(form, (outcome) => this.tellKept(outcome));
    this.sending = new Sending(form, this.state);
    this.steps = new Steps(form, () => this.noteStep());
    this.isBusy = false;
    this.isPlain = false;
  }

  async start() {
    let pressed = null;
    document.addEventListener("click", (event) => (pressed = event.target.closest && event.target.closest("button")), true);
    this.form.addEventListener("submit", (event) => {
      if (this.isPlain) return;
      event.preventDefault();
      const button = event.submitter || pressed;
      this.act(button && button.name === "action" ? button.value : "keep");
    });
    // The page was asked for by sending a form: loading it again must not send that once more.
    history.replaceState(null, "", location.href);
    show(find("#sealed-here"));
    show(find("#not-sealed-here"), false);
    try {
      const restored = await this.draft.restore();
      if (restored) this.steps.show(this.draft.step);
      if (restored && restored.files.length) this.state.say(text("files-again", { files: restored.files.join(", ") }));
    } catch {
      this.state.say(text("draft-closed"), { wrong: true });
    }
  }

  async act(action) {
    const [what, detail] = action.split(":");
    if (this.isBusy) return;
    if (what === "send") await this.send();
    else if (what === "forget") {
      this.draft.forget();
      this.go("forget");
    } else if (!(await this.draft.keep({ always: true }))) this.state.say(text("not-kept"), { wrong: true });
    else if (what === "language") location.href = location.pathname.replace(/^\/[a-z]{2}\//, `/${detail}/`);
    else if (what === "remove") this.go(action);
    else this.state.say(text("kept"));
  }

  async send() {
    if (!this.isFit()) return;
    this.setBusy(true);
    try {
      const next = await this.sending.send(() => this.seal());
      this.draft.forget();
      location.replace(next);
      return;
    } catch (failure) {
      this.tell(failure);
    }
    this.setBusy(false);
  }

  /** Whether the form can be sent; if not, what is wrong is said where it is. */
  isFit() {
    const answers = readAnswers(this.form);
    const { longestText, mostFiles, mostFileBytes } = this.form.dataset;
    const over = findAll("textarea, input[type=text]", this.form).find((each) => each.value.trim().length > longestText);
    const files = this.files();
    const number = files.length + findAll(".waiting li", this.form).length;
    const large = files.find((file) => file.size > mostFileBytes);
    if (!answers.what) return this.refuse("what", text("say-what"));
    if (over) return this.refuse(over.id, text("too-long", { over: over.value.trim().length - longestText }));
    if (number > mostFiles) return this.refuse("files", text("too-many-files"));
    if (large) return this.refuse("files", text("file-too-large", { file: large.name }));
    return true;
  }

  refuse(field, words) {
    this.state.say(words, { wrong: true });
    this.steps.showField(field);
    return false;
  }

  async seal() {
    const publicKeys = readPublicKeys(this.form.dataset.publicKey);
    const answers = readAnswers(this.form);
    this.state.say(text("sealing"), { share: 0 });
    return [
      ...readInClear(this.form, answers),
      ["sealed_to", this.form.dataset.publicKey],
      ...(await sealFields("report", answers, this.form.dataset.sectionKind, publicKeys)),
      ...(await sealFiles(this.files(), publicKeys, (share) => this.state.say(text("sealing"), { share }))),
    ];
  }

  tell(failure) {
    if (failure instanceof Refused) this.state.say(failure.words, { wrong: true });
    else if (failure instanceof NotReadable) this.refuse("files", text("file-unreadable", { file: failure.file }));
    else {
      // Sealing failed here: the plain form is still good, and the server seals what it gets.
      this.isPlain = true;
      this.draft.stop();
      show(find("#sealed-here"), false);
      show(find("#not-sealed-here"));
      this.state.say(text("sealing-failed"), { wrong: true });
    }
  }

  files() {
    return findAll("input[type=file]", this.form).flatMap((input) => Array.from(input.files));
  }

  setBusy(isBusy) {
    this.isBusy = isBusy;
    for (const button of findAll("button", this.form)) button.setAttribute("aria-disabled", String(isBusy));
    findAll("[data-step]", this.form).forEach((step) => (step.inert = isBusy));
  }

  noteStep() {
    this.draft.step = this.steps.current;
    if (this.draft.read()) this.draft.note();
  }

  tellKept(outcome) {
    find("#kept").textContent = text(outcome);
  }

  /** Ask the server for something without anything of what was written. */
  go(action) {
    const bare = document.createElement("form");
    bare.method = "post";
    bare.action = this.form.getAttribute("action");
    const hidden = findAll("input[type=hidden]", this.form).map((each) => each.cloneNode());
    const asked = Object.assign(document.createElement("input"), { type: "hidden", name: "action", value: action });
    bare.append(...hidden, asked);
    document.body.append(bare);
    bare.submit();
  }
}
