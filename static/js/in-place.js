/* Shows the answer to a form in the page that sent it: so the browser keeps nothing of what was sent, not even for Back. */

const form = document.querySelector("form[data-in-place]");

async function send() {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  if (answer.redirected) throw new Error("Signed out");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("main");
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  scrollTo(0, 0);
  main.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send().catch(() => location.assign(form.action)); // asks to log in, or says that there is no connection
});
