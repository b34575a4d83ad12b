/** What is being written, sealed under a key that only this tab has, and kept by the server for a day. */

import { fromBase64, toBase64 } from "./bytes.js";
import { readHidden, readSaid, writeSaid } from "./answers.js";
import { beforeLeaving } from "./leaving.js";
import { findAll } from "./page.js";
import { post } from "./posting.js";
import { decryptFields, encryptFields, makeDataKey } from "./sections.js";

const KEY = "amparo-draft-key";
const KIND = "draft";
// Every draft has a key of its own, so that its name need not go into the seal.
const PLACE = "00000000-0000-0000-0000-000000000000";
const NOTHING = { said: {}, step: 0, files: [] };
const AFTER_MILLISECONDS = 3000;
const LEAST_BETWEEN_MILLISECONDS = 15000;
const LONGEST_BETWEEN_MILLISECONDS = 120000;
// What a browser still sends for a page that is gone.
const MOST_FAREWELL = 60000;

export class Draft {
  /** `told` is called with "kept" or "not-kept" when that is known. */
  constructor(form, told) {
    this.form = form;
    this.told = told;
    this.step = 0;
    this.kept = this.read();
    this.between = LEAST_BETWEEN_MILLISECONDS;
    this.last = 0;
    this.stopping = new AbortController();
    beforeLeaving(() => this.stop());
    for (const happening of ["input", "change"]) form.addEventListener(happening, () => this.note());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.farewell());
    window.addEventListener("pagehide", () => this.farewell());
  }

  /** Put back what this tab wrote before. Gives null, or the names of `files` to choose again; throws where it is closed. */
  async restore() {
    const sealed = this.form.dataset.draft;
    if (!sealed) return null;
    const { said, step, files } = await decryptFields(fromBase64(sealed), this.key(), PLACE, KIND);
    writeSaid(this.form, said);
    this.step = step;
    this.kept = this.read();
    return { files };
  }

  /** Something was written: keep it soon. */
  note() {
    if (this.timer || this.stopping.signal.aborted) return;
    const due = Math.max(AFTER_MILLISECONDS, this.last + this.between - Date.now());
    this.timer = setTimeout(() => this.keep(), due);
  }

  /** Keep what is written now, `always` even where that is nothing new. Whether that was done; what failed is tried again. */
  async keep({ always = false } = {}) {
    clearTimeout(this.timer);
    this.timer = null;
    const now = this.read();
    if (now === this.kept && !always) return true;
    this.last = Date.now();
    try {
      const { status } = await post(this.form.dataset.keepAt, await this.pairs(now), { signal: this.stopping.signal });
      if (status !== 200) throw new Error(String(status));
    } catch {
      if (this.stopping.signal.aborted) return false;
      this.between = Math.min(2 * this.between, LONGEST_BETWEEN_MILLISECONDS);
      this.told("not-kept");
      this.note();
      return false;
    }
    this.between = LEAST_BETWEEN_MILLISECONDS;
    this.kept = now;
    this.told("kept");
    if (this.read() !== now) this.note();
    return true;
  }

  /** Keep nothing more: it was sent, or is to be forgotten. */
  stop() {
    clearTimeout(this.timer);
    this.stopping.abort();
  }

  /** Forget the key: whatever the server has opens no more. */
  forget() {
    this.stop();
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // A browser that lets nothing be stored has nothing to forget.
    }
  }

  read() {
    const files = findAll("input[type=file]", this.form).flatMap((input) => Array.from(input.files));
    const said = readSaid(this.form);
    const isEmpty = !files.length && !Object.keys(said).length;
    return isEmpty ? "" : JSON.stringify({ said, step: this.step, files: files.map((file) => file.name) });
  }

  async pairs(now) {
    const sealed = await encryptFields(now ? JSON.parse(now) : NOTHING, this.key(), PLACE, KIND);
    return [...readHidden(this.form), ["draft", toBase64(sealed)]];
  }

  async farewell() {
    const now = this.read();
    if (this.stopping.signal.aborted || now === this.kept || now.length > MOST_FAREWELL / 2) return;
    const body = new FormData();
    for (const [name, value] of await this.pairs(now)) body.append(name, value);
    this.kept = now;
    fetch(this.form.dataset.keepAt, { method: "POST", body, keepalive: true }).catch(() => (this.kept = null));
  }

  key() {
    const known = sessionStorage.getItem(KEY);
    if (known) return fromBase64(known);
    const fresh = makeDataKey();
    sessionStorage.setItem(KEY, toBase64(fresh));
    return fresh;
  }
}
