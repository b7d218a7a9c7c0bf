/* When a draft is sent and what each answer means, without DOM or network: `page` has the words (`written`), knows
   whether they are within the limits (`fits`), sends them (`post`), asks who is logged in (`person`) and shows the
   state (`show`). No response is one without a status. */

const PAUSE = 1500;   // milliseconds after the last keystroke
const APART = 10_000; // between two requests, by a clock that nobody sets
const RETRY = { first: 2000, last: 60_000 };
const UNSURE = 30_000; // while signed out; hidden pages wake up once a minute
const ENDS = { 200: "saved", 400: "refused", 404: "refused", 409: "conflict", 413: "long" };
const PARTING = 3000; // how long any other form waits for the last words

const wait = (time) => new Promise((done) => { setTimeout(done, time); });

export function keepDraft(page, unsaved) {
  let kept = unsaved ? null : page.written(); // what the server has
  let carried = kept; // what the server has or is being sent
  let tried = kept;   // what was sent last
  let since = 0;      // when the first unsent change was made
  let last = -APART;  // when the last request was sent
  let busy = null;    // the request in flight
  let unsure = false; // whether somebody else may be logged in by now
  let retry = RETRY.first;
  let tooLong = false; // whether that is why the last words were refused
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

  function again(next, answer) {
    later(unsure ? Math.min(retry, UNSURE) : retry);
    retry = Math.min(retry * 2, RETRY.last);
    return show(next, answer);
  }

  function typed() {
    if (unsure) return;
    if (tooLong && page.fits()) shortened();
    if (clean()) return;
    const now = performance.now();
    since ||= now;
    if (!cutOff()) later(Math.max(last + APART, Math.min(now + PAUSE, since + APART)) - now);
  }

  /* What was said no longer holds, and nothing of it was stored: these words need not wait. */
  function shortened() {
    tooLong = false;
    last = -APART;
    show("");
  }

  /* One request at a time; resolves to the state after it. Newer words wait for it. */
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
    const fits = page.fits();
    carried = tried = words;
    since = 0;
    last = performance.now();
    if (!cutOff() && state !== "conflict") show("saving");
    const answer = await page.post(words);
    const { status } = answer;
    if ([200, 409].includes(status)) kept = words; // after a conflict the server has both versions
    else carried = kept;
    if (ENDS[status]) {
      retry = RETRY.first;
      tooLong = !fits && ["refused", "long"].includes(ENDS[status]);
      return show(ENDS[status], answer);
    }
    if (![401, 403].includes(status)) return again(missing(answer), answer);
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

    /* A page being left has no time to queue: newer words are sent alongside a request in flight. */
    flush: () => (unsure || clean() || page.written() === carried ? busy : send()),

    /* Asks who is logged in, once no request is in flight. */
    lookAgain() {
      unsure = true;
      if (busy) busy.then(save);
      else save();
    },

    /* Its own form leaves once the words are safe, another one after PARTING at most. */
    async mayLeave(own) {
      const now = await (own ? saveAll() : Promise.race([saveAll(), wait(PARTING)]));
      const may = !own || ["saved", "refused"].includes(now);
      if (may) clearTimeout(timer);
      return may;
    },
  };
}
