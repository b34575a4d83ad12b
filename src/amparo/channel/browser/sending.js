/** Sending what was sealed: once, however often it is tried, and until it has arrived. */

import { beforeLeaving } from "./leaving.js";
import { find, text } from "./page.js";
import { NoConnection, post } from "./posting.js";
import { prove } from "./proof.js";

const FIRST_WAIT_SECONDS = 2;
const LONGEST_WAIT_SECONDS = 60;
// A new key or a new token of the form is asked for at most so often: then something else is wrong.
const MOST_ANEW = 3;

/** What the server, or the reader, does not let happen; `words` say why. */
export class Refused extends Error {
  constructor(words) {
    super();
    this.words = words;
  }
}

export class Sending {
  constructor(form, state) {
    this.form = form;
    this.state = state;
    this.stop = find("[data-go=stop]", state.element);
    beforeLeaving(() => this.stopping && this.stopping.abort());
    this.stop.addEventListener("click", () => this.stopping && this.stopping.abort());
  }

  /**
   * Send the pairs of `sealAll()`, and go to where the server says. Until then it tries again and again: at once when the
   * line comes back, after some seconds otherwise. Rejects with `Refused`.
   */
  async send(sealAll) {
    this.stopping = new AbortController();
    try {
      return await this.tryOn(sealAll);
    } finally {
      this.stopping = null;
      this.stop.hidden = true;
    }
  }

  async tryOn(sealAll) {
    let pairs = await sealAll();
    this.stop.hidden = false;
    for (let wait = FIRST_WAIT_SECONDS, anew = 0; ; ) {
      let answer;
      try {
        answer = await this.post(pairs);
      } catch (failure) {
        if (!(failure instanceof NoConnection)) throw failure;
        await this.rest(wait);
        wait = Math.min(2 * wait, LONGEST_WAIT_SECONDS);
        continue;
      }
      const { next, problem, words } = answer.said;
      if (next) return next;
      if (problem === "busy") await this.prove(answer.said);
      else if (problem === "key-changed" && anew++ < MOST_ANEW) {
        this.form.dataset.publicKey = answer.said.public_key;
        pairs = await sealAll();
      } else if (problem === "form-too-old" && anew++ < MOST_ANEW) {
        for (const [name, value] of Object.entries(answer.said.fields)) this.fill(name, value);
      } else throw new Refused(words || text("refused"));
    }
  }

  post(pairs) {
    const progress = (share) => this.state.say(text("sending"), { share });
    progress(0);
    const hidden = Array.from(this.form.elements).filter((each) => each.type === "hidden");
    const tokens = hidden.map((each) => [each.name, each.value]);
    return post(this.form.dataset.sendTo, [...tokens, ...pairs], { progress, signal: this.stopping.signal });
  }

  /** Wait, and say for how long; no longer than until the browser knows of a line again. */
  async rest(seconds) {
    this.check();
    const until = Date.now() + seconds * 1000;
    let back = false;
    const come = () => (back = true);
    window.addEventListener("online", come);
    for (let left = seconds; left > 0 && !back; left = Math.ceil((until - Date.now()) / 1000)) {
      this.state.say(text("no-connection", { seconds: left }), { wrong: true });
      await new Promise((resolve) => setTimeout(resolve, 250));
      this.check();
    }
    window.removeEventListener("online", come);
  }

  async prove({ challenge, words }) {
    this.check();
    this.state.say(text("please-wait") || words);
    this.fill("proof", await prove(challenge, Number(this.form.dataset.proofBits)));
    this.fill("challenge", challenge);
  }

  fill(name, value) {
    find(`input[name=${name}]`, this.form).value = value;
  }

  check() {
    if (this.stopping.signal.aborted) throw new Refused(text("stopped"));
  }
}
