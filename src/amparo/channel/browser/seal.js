/** What a page of the safe channel runs. Without it each page does the same work, and the server seals. */

import * as bytes from "./bytes.js";
import { openFile, sealFile } from "./files.js";
import { offerWayOut } from "./leaving.js";
import { startMessage } from "./message.js";
import { find } from "./page.js";
import { prove } from "./proof.js";
import { startReport } from "./report.js";
import { decryptFields, encryptFields, sealSection, unwrapDataKey, wrapDataKey } from "./sections.js";

// For whoever wants to check what this seals, from the browser's console or from a test.
globalThis.amparoSeal = Object.freeze({
  ...bytes,
  decryptFields,
  encryptFields,
  openFile,
  prove,
  sealFile,
  sealSection,
  unwrapDataKey,
  wrapDataKey,
});

offerWayOut();
const report = find("#report");
if (report) startReport(report);
const message = find("#message");
if (message) startMessage(message);
const receipt = find("form#mailbox");
if (receipt) proveOnTyping(receipt);

/** Have a proof of work ready when the receipt is sent: it lets pass when very many are tried at once. */
function proveOnTyping(form) {
  const begin = async () => {
    find("input[name=proof]", form).value = await prove(form.dataset.challenge, Number(form.dataset.proofBits));
  };
  find("input[name=receipt]", form).addEventListener("input", begin, { once: true });
}
