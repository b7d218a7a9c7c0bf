/* Keeps what is being written as a draft on the server, and nothing in the browser. One request at a time; the newest
   words wait for it. The server knows each page by `client` and `sequence`, so a request that is sent again does no harm. */

const PAUSE = 1500;   // milliseconds after the last key
const APART = 10_000; // between two requests
const PATIENCE = 20_000;
const RETRY = { first: 2000, last: 60_000 };
const KEEPALIVE = 60_000; // bytes; browsers refuse more
const NEAR = 2000; // characters before the longest page

const form = document.querySelector("form[data-draft]");
const { draft: address, who } = form.dataset;
const fields = form.elements;
const writer = fields.writer.value;
const status = document.querySelector("[data-draft-status]");
const panels = document.querySelectorAll("[data-panel]");
const main = document.querySelector("main");
const length = document.querySelector("[data-most]");
const areas = form.querySelectorAll("textarea, [name=closing]");

let kept = "unsaved" in form.dataset ? null : written(); // what the server has
let carried = kept;                                      // what the last request carries
let since = 0;                                           // when the first words after it were written
let last = -Infinity;                                    // when it was sent
let sequence = Number(fields.sequence.value);
let busy = null;      // the request under way
let state = "";
let unsure = false;   // whether the person who wrote is still the one who is logged in
let retry = RETRY.first;
let timer;
let submitting = null;

const clean = () => written() === kept;
const wait = (time) => new Promise((done) => { setTimeout(done, time); });

function written() {
  const data = new URLSearchParams(new FormData(form));
  for (const name of ["csrfmiddlewaretoken", "base_revision", "sequence"]) data.delete(name); // not words
  return String(data);
}

function show(next, said) {
  const words = said || (status.dataset[next] ?? "");
  if (status.textContent !== words) status.textContent = words;
  if ([state, next].includes("stranger")) {
    for (const part of main.children) if (!part.matches("[data-panel]")) part.hidden = next === "stranger";
  }
  state = next;
  for (const panel of panels) panel.hidden = panel.dataset.panel !== next;
  return next;
}

function again(next) {
  later(retry);
  retry = Math.min(retry * 2, RETRY.last);
  return show(next);
}

function later(delay) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

/* Near the end of a page it is said how much room is left; characters are counted as the server counts them. */
function count() {
  const left = [...areas].reduce((room, { value }) => room - [...value].length, length.dataset.most);
  length.hidden = left > NEAR;
  length.textContent = `${left < 0 ? length.dataset.over : length.dataset.left} ${Math.abs(left)}`;
}

function typed() {
  if (clean() || unsure) return;
  const now = Date.now();
  since ||= now;
  if (!["offline", "trouble"].includes(state)) later(Math.max(last + APART, Math.min(now + PAUSE, since + APART)) - now);
}

/* One request, and what came of it: the state that the page is in now. */
function save() {
  clearTimeout(timer);
  busy ??= attempt().finally(() => {
    busy = null;
    if (state === "saved") typed();
  });
  return busy;
}

async function attempt() {
  if (unsure) await recognise();
  if (unsure) return state;
  return clean() ? show(["offline", "trouble"].includes(state) ? "" : state, status.textContent) : send();
}

async function send(secondTry = false) {
  const words = written();
  [carried, since, last] = [words, 0, Date.now()];
  fields.sequence.value = ++sequence;
  if (!["offline", "trouble", "conflict"].includes(state)) show("saving");
  const body = new FormData(form);
  const size = new Blob([words]).size;
  const answer = await ask(address, { method: "POST", body, keepalive: size < KEEPALIVE });
  if (answer.status === 200) return saved(words, answer);
  carried = kept;
  if (answer.status === 401 || answer.status === 403) unsure = true;
  if (answer.status === 401 || (unsure && secondTry)) return again("out");
  if (unsure) return (await recognise(), unsure ? state : send(true));
  if (answer.status === 409) return compare(words, answer);
  if (answer.status === 413) return show("long");
  if ([400, 404].includes(answer.status)) return show("refused", answer.error);
  return again(missing(answer));
}

const missing = ({ status: code }) => (code === undefined ? "offline" : "trouble");

/* From the first time on the page has its own address, where a reload finds it again. */
function saved(words, { revision, saved_at: time, but, address: own }) {
  fields.base_revision.value = Math.max(revision, fields.base_revision.value);
  [kept, retry] = [words, RETRY.first];
  if (location.pathname !== own) history.replaceState(null, "", own);
  return show("saved", `${status.dataset.saved} ${time}${but && `. ${but}`}`);
}

/* Both versions are on the server now; this one stands beside the page until one of the buttons decides. */
function compare(words, { mine, other, decide, but }) {
  kept = words;
  const panel = document.querySelector("[data-panel=conflict]");
  panel.querySelector("[data-mine]").textContent = mine;
  panel.querySelector("[data-other]").textContent = other;
  panel.querySelector("[data-decide]").action = decide;
  return show("conflict", but && `${status.dataset.conflict} ${but}`);
}

/* Whether it is still the same person, and the token that the server wants from now on. */
async function recognise() {
  const answer = await ask(who);
  if (answer.status === 200 && answer.person === writer) {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = answer.token;
    [unsure, retry] = [false, RETRY.first];
    return show(state === "conflict" ? state : "");
  }
  if (answer.status === 200) return again("stranger");
  return again(answer.status === 401 ? "out" : missing(answer));
}

async function ask(url, options) {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(PATIENCE), ...options });
    return { ...(await response.json().catch(() => ({}))), status: response.status };
  } catch {
    return {};
  }
}

/* As the page goes there is no time to queue: newer words are sent beside a request under way. */
const flush = () => (unsure || clean() || written() === carried ? busy : send());

async function saveAll() {
  await (busy ?? wait(0)); // a form can't be sent again while its event goes on
  return clean() ? "saved" : save();
}

/* A request under way is past that question already: it is asked after it. */
function lookAgain() {
  if (document.hidden) return;
  unsure = true;
  if (busy) busy.then(save);
  else save();
}

form.addEventListener("input", typed);
form.addEventListener("input", count);
addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", () => (document.hidden ? flush() : lookAgain()));
addEventListener("focus", lookAgain);
addEventListener("online", lookAgain);
for (const button of document.querySelectorAll("[data-again]")) button.addEventListener("click", lookAgain);
addEventListener("leaving", ({ detail }) => { if (!clean()) detail.push(flush()); });
addEventListener("beforeunload", (event) => {
  if (submitting === form || clean() || state === "stranger") return;
  flush(); // while the browser asks whether to stay
  event.preventDefault();
});

/* No form leaves the page before the words are safe: Save stays here without a connection, "Sign out" waits a little. */
addEventListener("submit", async (event) => {
  const { target, submitter } = event;
  if (submitting === target || (target === form && state === "conflict")) {
    submitting = target;
    return;
  }
  event.preventDefault();
  if (submitting) return;
  submitting = true;
  const now = await (target === form ? saveAll() : Promise.race([saveAll(), wait(3000)]));
  submitting = target === form && !["saved", "refused"].includes(now) ? null : target;
  if (!submitting) return;
  clearTimeout(timer);
  fields.sequence.value = ++sequence;
  target.requestSubmit(submitter);
}, true);

if (kept === null) typed();
