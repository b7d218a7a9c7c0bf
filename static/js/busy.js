/* Shows that something long is going on, and sends a form once however often its button is pressed. */

const form = document.querySelector("form[data-busy]");
const [status, bar] = [form.querySelector("[role=status]"), form.querySelector("progress")];

function busy(going) {
  bar.hidden = !going;
  status.textContent = going ? form.dataset.busy : "";
}

form.addEventListener("submit", (event) => {
  if (!bar.hidden) event.preventDefault();
  busy(true);
});
addEventListener("pageshow", () => busy(false)); // back on this page, it can be sent again
