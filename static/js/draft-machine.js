/* When words are sent, and what each answer means, without a document or a network: `page` has the words (`written`),
   sends them (`post`), asks who is logged in (`person`) and says the state (`show`). No answer is one without status. */

const PAUSE = 1500;   // milliseconds after the last key
const APART = 10_000; // between two requests
const RETRY = { first: 2000, last: 60_000 };
const ENDS = { 200: "saved", 400: "refused", 404: "refused", 409: "conflict", 413: "long" };
const PARTING = 3000; // what another form waits for the last words

const wait = (time) => new Promise((done) => { setTimeout(done, time); });

export function keepDraft(page, unsaved) {
  let kept = unsaved ? null : page.written(); // what the server has
  let carried = kept; // what it has or is being sent
  let tried = kept;   // what was sent last
  let since = 0;      // when the first words after it were written
  let last = 0;       // when it was sent
  let busy = null;    // the request under way
  let unsure = false; // whether the writer is still the one who is logged in
  let retry = RETRY.first;
  let state = "";
  let timer;

  const clean = () => page.written() === kept;
  const cutOff = () => ["offline", "trouble"].includes(state);

  function show(next, answer = {}) {
    state = next;
    page.show(next, answer);
    return next;
  }

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  function again(next) {
    later(retry);
    retry = Math.min(retry * 2, RETRY.last);
    return show(next);
  }

  function typed() {
    if (clean() || unsure) return;
    const now = Date.now();
    since ||= now;
    if (!cutOff()) later(Math.max(last + APART, Math.min(now + PAUSE, since + APART)) - now);
  }

  /* One request at a time, and the state that it led to. Newer words wait for it. */
  function save() {
    clearTimeout(timer);
    busy ??= attempt().finally(() => {
      busy = null;
      if (page.written() !== tried) typed();
    });
    return busy;
  }

  async function attempt() {
    if (unsure) await recognise();
    if (unsure) return state;
    if (!clean()) return send();
    return cutOff() ? show("") : state;
  }

  async function send(secondTry) {
    const words = page.written();
    carried = tried = words;
    since = 0;
    last = Date.now();
    if (!cutOff() && state !== "conflict") show("saving");
    const answer = await page.post(words);
    const { status } = answer;
    if ([200, 409].includes(status)) kept = words; // after a conflict the server has both versions
    else carried = kept;
    if (ENDS[status]) {
      retry = RETRY.first;
      return show(ENDS[status], answer);
    }
    if (![401, 403].includes(status)) return again(missing(answer));
    unsure = true;
    if (status === 401 || secondTry) return again("out");
    await recognise();
    return unsure ? state : send(true);
  }

  const missing = ({ status }) => (status ? "trouble" : "offline");

  async function recognise() {
    const answer = await page.person();
    if (answer.status !== 200) return again(answer.status === 401 ? "out" : missing(answer));
    if (!answer.same) return again("stranger");
    unsure = false;
    retry = RETRY.first;
    return ["saved", "conflict"].includes(state) ? state : show("");
  }

  async function saveAll() {
    await (busy ?? wait(0)); // a form can't be sent again while its event goes on
    return clean() ? "saved" : save();
  }

  return {
    typed,
    get state() { return state; },
    get unsent() { return !clean(); },

    /* As the page goes there is no time to queue: newer words are sent beside a request under way. */
    flush: () => (unsure || clean() || page.written() === carried ? busy : send()),

    /* Somebody else may have logged in: asked after the request under way, which is past that question. */
    lookAgain() {
      unsure = true;
      if (busy) busy.then(save);
      else save();
    },

    /* Its own form may leave the page once the words are safe, another one after a moment at most. */
    async mayLeave(own) {
      const now = await (own ? saveAll() : Promise.race([saveAll(), wait(PARTING)]));
      const may = !own || ["saved", "refused"].includes(now);
      if (may) clearTimeout(timer);
      return may;
    },
  };
}
