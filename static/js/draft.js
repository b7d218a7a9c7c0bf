/* Saves drafts while somebody writes; `client` and `sequence` make a repeated request harmless. */
import { keepDraft } from "./draft-machine.js";

const PATIENCE = 20_000; // ms
const KEEPALIVE = 60_000; // browsers refuse 64 kB

const form = document.querySelector("form[data-draft]");
const { draft: address, who } = form.dataset;
const fields = form.elements;
const status = document.querySelector("[data-draft-status]");
const panels = document.querySelectorAll("[data-panel]");
const main = document.querySelector("main");
const length = document.querySelector("[data-most]");
const areas = form.querySelectorAll("textarea, [name=closing]");
const limited = form.querySelectorAll("[data-longest]");

let sequence = Number(fields.sequence.value);
let submitting = null;

/* What was sent from here before must not be taken for newer than what comes back refused. */
if ("unsaved" in form.dataset && crypto.randomUUID) fields.client.value = crypto.randomUUID();

function written() {
  const data = new URLSearchParams(new FormData(form));
  for (const name of ["csrfmiddlewaretoken", "base_revision", "sequence"]) data.delete(name); // not words
  return String(data);
}

async function ask(url, options) {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(PATIENCE), ...options });
    return { ...(await response.json().catch(() => ({}))), status: response.status };
  } catch {
    return {};
  }
}

function post(words) {
  fields.sequence.value = ++sequence;
  const keepalive = new Blob([words]).size < KEEPALIVE;
  return ask(address, { method: "POST", body: new FormData(form), keepalive });
}

async function person() {
  const answer = await ask(who);
  const same = answer.person === fields.writer.value;
  if (same) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = answer.token;
  return { ...answer, same };
}

function show(state, answer) {
  const words = (says[state]?.(answer) || status.dataset[state]) ?? "";
  if (status.textContent !== words) status.textContent = words;
  for (const part of main.children) if (!part.matches("[data-panel]")) part.hidden = state === "stranger";
  for (const panel of panels) panel.hidden = panel.dataset.panel !== state;
}

const says = {
  refused: ({ error }) => error,
  trouble: ({ error }) => error,

  saved({ revision, saved_at: time, left_out: lost, address: own }) {
    fields.base_revision.value = Math.max(revision, fields.base_revision.value);
    history.replaceState(null, "", own);
    return `${status.dataset.saved} ${time}${lost && `. ${lost}`}`;
  },

  conflict({ decide, left_out: lost }) {
    document.forms.both.action = decide;
    return lost && `${status.dataset.conflict} ${lost}`;
  },
};

const size = ({ value }) => [...value].length; // as the server counts
const sum = (sizes) => sizes.reduce((all, one) => all + one, 0);
const most = "each" in length.dataset ? (sizes) => Math.max(...sizes) : sum;
const room = () => length.dataset.most - most([...areas].map(size));
const fits = () => room() >= 0 && [...limited].every((field) => size(field) <= field.dataset.longest);

/* How many characters are left, near the limit. */
function count() {
  const left = room();
  length.hidden = left > length.dataset.near;
  length.textContent = `${left < 0 ? length.dataset.over : length.dataset.left} ${Math.abs(left)}`;
}

const early = [...form.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue); // before this ran
const draft = keepDraft({ written, fits, post, person, show }, early || "unsaved" in form.dataset);
const look = () => (document.hidden ? draft.flush() : draft.lookAgain());

form.addEventListener("input", draft.typed);
form.addEventListener("input", count);
addEventListener("pagehide", draft.flush);
document.addEventListener("visibilitychange", look);
addEventListener("focus", look);
addEventListener("online", look);
for (const button of document.querySelectorAll("[data-again]")) button.addEventListener("click", look);
addEventListener("leaving", ({ detail }) => { if (draft.unsent) detail.push(draft.flush()); });
addEventListener("beforeunload", (event) => {
  if (submitting === form || !draft.unsent || draft.state === "stranger") return;
  draft.flush();
  event.preventDefault();
});

/* No form leaves before saving was tried. */
addEventListener("submit", async (event) => {
  const { target, submitter } = event;
  if (submitting === target || (target === form && draft.state === "conflict")) {
    submitting = target;
    return;
  }
  event.preventDefault();
  if (submitting) return;
  submitting = true;
  submitting = (await draft.mayLeave(target === form)) ? target : null;
  if (!submitting) return;
  fields.sequence.value = ++sequence;
  target.requestSubmit(submitter);
}, true);

draft.typed();
